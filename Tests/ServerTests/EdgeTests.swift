import Digests
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Pages
import RegistryTypes
import Testing
import WireFormat

@testable import Server

struct EdgeTests {
    /// Answers of every sort: pages, problems, files, redirects, nothing at all.
    @Test func everyAnswerHasTheHeaders() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let visitor = try await browser.loggedIn(.admin)
            let answers: [(String, TestResponse)] = [
                ("live", try await browser.ask(.get, "/livez")),
                ("style", try await browser.ask(.get, "/static/app.css")),
                ("page", try await visitor.page("/")),
                ("login", try await browser.page("/")),
                ("nothing", try await browser.page("/no/such/page")),
                ("no such address", try await browser.ask(.get, "/api/v1/nothing")),
                ("no such model", try await visitor.page("/models/none")),
                ("wrong method", try await browser.ask(.delete, "/api/v1/models")),
                ("no key", try await browser.ask(.get, "/api/v1/models")),
                (
                    "bad JSON",
                    try await browser.ask(
                        .post,
                        "/api/v1/keys",
                        role: .admin,
                        ["Content-Type": "application/json"],
                        body: "{"
                    )
                ),
                ("JSON", try await visitor.ask(.get, "/models.json")),
                ("head", try await browser.ask(.head, "/login")),
            ]
            for (name, answer) in answers {
                let expected = [
                    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
                    "Content-Security-Policy": AnswerHeaders.policy,
                ]
                for (field, value) in expected {
                    #expect(try answer.headers[#require(HTTPField.Name(field))] == value, "\(name): \(field)")
                }
                #expect(
                    answer.headers[.cacheControl]
                        == (name == "style" ? "public, max-age=31536000, immutable" : "no-store")
                )
                #expect(try answer.headers[#require(HTTPField.Name("X-Request-ID"))] != nil)
            }
        }
    }

    @Test func errorsArePagesForPeopleAndProblemsForPrograms() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let visitor = try await browser.loggedIn(.reader)
            let page = try await visitor.page("/models/none")
            #expect(page.status == .notFound && page.headers[.contentType] == "text/html; charset=utf-8")
            #expect(String(buffer: page.body).contains("<h1>Not found</h1>"))
            for answer in [
                try await visitor.ask(.get, "/models/none.json", ["Accept": "text/html"]),
                try await browser.ask(.get, "/api/v1/models/none", role: .reader, ["Accept": "text/html"]),
            ] {
                #expect(answer.status == .notFound && answer.headers[.contentType] == "application/problem+json")
                let problem = try JSONDecoder().decode(Problem.self, from: Data(answer.body.readableBytesView))
                #expect(problem.exit == ExitCode.notFound.rawValue && problem.requestID != nil)
                #expect(problem.title == "no model \"none\"")
            }
        }
    }

    /// A method that an address does not take is no address that is not there; and what it takes is said.
    @Test(
        arguments: [
            ("DELETE", "/api/v1/models", 405, "GET, HEAD"), ("PUT", "/api/v1/keys", 405, "GET, HEAD, POST"),
            ("GET", "/api/v1/apply", 405, "POST"), ("PATCH", "/api/v1/models/any@1/versions/2", 405, "GET, HEAD"),
            ("POST", "/api/v1/incidents/i-1", 405, "GET, HEAD"), ("GET", "/api/v1/incidents/i-1/close", 405, "POST"),
            ("GET", "/api/v1/nowhere", 404, nil), ("POST", "/api/v1/models/any/nowhere", 404, nil),
            ("GET", "/api/v1/models/any", 401, nil), ("HEAD", "/api/v1/models", 401, nil),
        ] as [(String, String, UInt, String?)]
    )
    func aWrongMethodIsNoMissingAddress(_ method: String, _ path: String, _ status: UInt, _ allow: String?) async throws
    {
        let test = try await TestSite()
        try await test.run { browser in
            let answer = try await browser.ask(#require(HTTPRequest.Method(method)), path)
            #expect(answer.status.code == Int(status) && answer.headers[.allow] == allow)
            #expect(method == "HEAD" || answer.headers[.contentType] == "application/problem+json")
        }
    }

    @Test(arguments: [
        ("text/plain", "{}", 415), ("application/x-www-form-urlencoded", "{}", 415), ("", "{}", 415),
        ("application/json", "{", 400), ("application/json", "", 400), ("application/json", "[]", 400),
        ("application/json; charset=utf-8", "{\"name\":\"x\"}", 400),
        ("application/json", "{\"name\":\"../x\",\"role\":\"reader\"}", 400),
        ("application/json", "{\"name\":\"x\",\"role\":\"god\"}", 400),
        ("application/json", String(repeating: "[", count: 65), 400),
        ("application/json", String(repeating: "[", count: 900_000), 400),
        ("application/json", "\"" + String(repeating: "a", count: 1 << 20) + "\"", 413),
    ])
    func badBodiesAreRefused(type: String, body: String, status: Int) async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let answer = try await browser.ask(.post, "/api/v1/keys", role: .admin, ["Content-Type": type], body: body)
            #expect(answer.status.code == status)
            #expect(answer.headers[.contentType] == "application/problem+json")
        }
    }

    private static let misspeltManifest =
        #"{"manifest":{"files":[{"path":"a.bin","digest":"sha256:"#
        + String(repeating: "0", count: 64) + #"","sizeBytes":1,"role":"opaque"}],"linage":{}}}"#

    /// A member that is misspelt, of another place or there twice is refused by name, on every address that takes JSON;
    /// nothing happens.
    @Test(arguments: [
        (
            "/api/v1/models/any/channels/production/promote", #"{"release":{"reference":"any@1"},"dryrun":true}"#,
            "dryrun"
        ),
        ("/api/v1/models/any/channels/production/promote", #"{"release":{"reference":"any@1","promt":"a"}}"#, "promt"),
        ("/api/v1/models/any/channels/production/rollback", #"{"dry_run":true}"#, "dry_run"),
        ("/api/v1/models/any/channels/production/rollback", #"{"dryRun":true,"dryRun":false}"#, "dryRun"),
        ("/api/v1/apply", #"{"files":[],"dry_run":true}"#, "dry_run"),
        ("/api/v1/apply", #"{"files":[{"name":"a.yaml","text":"","txt":""}]}"#, "txt"),
        ("/api/v1/keys", #"{"name":"x","role":"caller","captur":"off"}"#, "captur"),
        ("/api/v1/keys", #"{"name":"x","role":"caller","role":"admin"}"#, "role"),
        ("/api/v1/canaries", #"{"release":{"reference":"any@1"},"agianst":null}"#, "agianst"),
        ("/api/v1/evaluations", #"{"release":{"reference":"any@1"},"suite":"golden","suit":1}"#, "suit"),
        ("/api/v1/models/any/versions", Self.misspeltManifest, "linage"),
    ])
    func unknownMembersAreRefusedByName(_ address: String, _ body: String, _ name: String) async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let headers = ["Content-Type": "application/json"]
            let answer = try await browser.ask(.post, address, role: .admin, headers, body: body)
            #expect(answer.status == .badRequest, "\(address): \(answer.status)")
            #expect(String(buffer: answer.body).contains("\\\"\(name)\\\""), "\(String(buffer: answer.body))")
        }
    }

    @Test(arguments: [
        "/models/../../etc/passwd", "/models/%2e%2e%2f%2e%2e", "/models/..%5c..", "/models/a%00b", "/models/%252e%252e",
        "/models/a%2F%CC%B8b", "/models/Ticket", "/models/%F0%28%8C%28", "/models/x#y",
        "/models/" + String(repeating: "a", count: 5000),
        "/canaries/c-0", "/canaries/c-99999999999999999999", "/canaries/1", "/models/any/versions/-1",
        "/models/any/versions/1e3",
        "/decisions/dec-1%20", "/blobs/sha256:../../x", "/blobs/" + String(repeating: "0", count: 64),
        "/static/../app.css",
        "/evaluations/..", "/models/any/channels/production?ref=any@r1&ref=../x",
    ])
    func hostilePathsNameNothing(path: String) async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let visitor = try await browser.loggedIn(.admin)
            for path in [path, path + ".json", "/api/v1" + path] {
                let answer = try await visitor.ask(.get, path, role: .admin, ["Accept": "text/html"])
                #expect([400, 404].contains(answer.status.code), "\(path): \(answer.status.code)")
            }
        }
    }

    @Test func queriesOutOfBoundsAreRefusedByName() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            for query in ["?limit=0", "?limit=-1", "?before=x", "?limit=1e9", "?before=%00"] {
                let answer = try await browser.ask(.get, "/api/v1/canaries\(query)", role: .reader)
                #expect(answer.status == .badRequest, "\(query)")
            }
            #expect(try await browser.ask(.get, "/api/v1/resolve", role: .reader).status == .badRequest)
            #expect(try await browser.ask(.get, "/api/v1/resolve?ref=a@b@c", role: .reader).status == .badRequest)
            #expect(try await browser.ask(.get, "/api/v1/resolve?ref=none", role: .caller).status == .notFound)
        }
    }

    /// A list that answers with fewer entries than were asked for would look whole.
    @Test(
        arguments: [
            APIPath.canaries, APIPath.evaluations, APIPath.decisions, APIPath.audit, APIPath.requests, APIPath.rollouts,
            APIPath.incidents, APIPath.driftReports, APIPath.baselines, APIPath.slos,
        ].map(\.path)
    )
    func limitsThatNoAnswerHoldsAreRefused(path: String) async throws {
        let test = try await TestSite()
        try await test.run { browser in
            for limit in [1, ListLimit.max] {
                let answer = try await browser.ask(.get, "\(path)?limit=\(limit)", role: .reader)
                #expect(answer.status == .ok, "\(path) \(limit)")
            }
            for limit in [ListLimit.max + 1, 100_000] {
                let answer = try await browser.ask(.get, "\(path)?limit=\(limit)", role: .reader)
                #expect(answer.status == .badRequest, "\(path) \(limit)")
                let problem = try JSONDecoder().decode(Problem.self, from: Data(answer.body.readableBytesView))
                #expect(problem.title.contains("limit must be at most 500, not \(limit)"), "\(problem.title)")
            }
        }
    }

    @Test func blobsComeInStreamedAndGoOutAsAttachments() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let text = "<script>alert(1)</script>" + String(repeating: "x", count: 200_000)
            let digest = Digest(of: Array(text.utf8)), size = text.utf8.count
            let path = "/api/v1/blobs/\(digest)"
            let half = String(text.prefix(100_000))
            let first = try await browser.ask(.put, "\(path)?size=\(size)&offset=0", role: .publisher, body: half)
            #expect(first.status == .ok)
            let held = try JSONDecoder().decode(BlobAnswer.self, from: Data(first.body.readableBytesView))
            #expect(held.offsetBytes == 100_000)
            let wrong = try await browser.ask(.put, "\(path)?size=\(size)&offset=5", role: .publisher, body: "x")
            #expect(wrong.status == .conflict)
            let rest = try await browser.ask(
                .put,
                "\(path)?size=\(size)&offset=100000",
                role: .publisher,
                body: String(text.dropFirst(100_000))
            )
            #expect(try JSONDecoder().decode(BlobAnswer.self, from: Data(rest.body.readableBytesView)).complete)
            let visitor = try await browser.loggedIn(.reader)
            for answer in [
                try await browser.ask(.get, path, role: .reader), try await visitor.page("/blobs/\(digest)"),
            ] {
                #expect(String(buffer: answer.body) == text)
                #expect(answer.headers[.contentType] == "application/octet-stream")
                #expect(answer.headers[.contentDisposition]?.hasPrefix("attachment;") == true)
                #expect(
                    try answer.headers[#require(HTTPField.Name("Content-Security-Policy"))] == AnswerHeaders.blobPolicy
                )
            }
            let part = try await browser.ask(.get, path, role: .reader, ["Range": "bytes=200000-"])
            #expect(part.status == .partialContent && part.body.readableBytes == size - 200_000)
            #expect(try await browser.ask(.put, "\(path)?size=x", role: .publisher, body: "").status == .badRequest)
            #expect(try await browser.ask(.put, path, role: .publisher, body: "").status == .badRequest)
        }
    }

    @Test(arguments: [
        ("localhost", true), ("LOCALHOST:7470", true), ("127.0.0.1:1", true), ("[::1]:7470", true), ("[::1]", true),
        ("models.example.com", true), ("evil.example", false), ("localhost.evil.example", false), ("", false),
        ("localhost:80@evil.example", false), ("127.0.0.1.nip.io", false), ("localhost:", true), ("[::1", false),
        ("localhost\u{0}", false),
    ])
    func onlyKnownHostsAreServed(authority: String, isAllowed: Bool) {
        #expect(HostRule(others: ["Models.example.com"]).allows(authority) == isAllowed)
        #expect(!HostRule(others: []).allows(nil))
    }

    @Test(
        arguments: [
            ("http://localhost:7470", "same-origin", true), ("http://localhost:7470", nil, true),
            (nil, "same-origin", true),
            (nil, nil, false), ("null", "same-origin", false), ("http://evil.example", nil, false),
            ("https://localhost:7470", nil, false), ("http://localhost", nil, false), (nil, "cross-site", false),
            (nil, "same-site", false), ("http://localhost:7470", "cross-site", false),
        ] as [(String?, String?, Bool)]
    )
    func onlyOwnFormsAreTaken(origin: String?, site: String?, isAllowed: Bool) {
        let allows = OriginRule.allows(origin: origin, site: site, authority: "localhost:7470", scheme: "http")
        #expect(allows == isAllowed)
    }

    @Test(arguments: [
        ("a=1&b=2", ["a": "1", "b": "2"]), ("a=%41+b", ["a": "A b"]), ("a", ["a": ""]), ("=x", ["": "x"]),
        ("a=%", ["a": "%"]), ("a=%4", ["a": "%4"]), ("a=%zz", ["a": "%zz"]), ("a=%%41", ["a": "%A"]),
        ("a=1&a=2", ["a": "1"]), ("a=b=c", ["a": "b=c"]), ("", [:]), ("&&", [:]), ("a=%C3%A9", ["a": "é"]),
        ("a=%FF", ["a": "\u{fffd}"]),
    ])
    func fieldsAreDecoded(text: String, values: [String: String]) {
        #expect(FieldList(text.utf8).values == values)
    }

    @Test(arguments: [
        ("{}", 1), ("[[[]]]", 3), ("\"[[[\"", 0), ("\"\\\"[[\"", 0), ("[\"]\",[{}]]", 3), ("", 0), ("]]]][", 0),
    ])
    func depthIsCounted(text: String, depth: Int) { #expect(JSONBody.depth(of: text.utf8) == depth) }

    @Test func slowSendersAreFound() {
        var pace = SenderPace()
        #expect(!pace.isTooSlow(at: 1000))
        pace.received(200, at: 0)
        #expect(!pace.isTooSlow(at: 500), "waits for its answer")
        pace.received(1, at: 15)
        #expect(!pace.isTooSlow(at: 29) && pace.isTooSlow(at: 31), "drips")
        pace.sent()
        #expect(!pace.isTooSlow(at: 600), "has its answer, and is idle")
        for second in 0..<60 { pace.received(100_000, at: 1000 + Double(second)) }
        #expect(!pace.isTooSlow(at: 1060), "uploads")
    }
}

/// Addresses and hosts that mean something else to somebody else.
struct AddressTests {
    /// A second Host header is refused wherever the first one leads.
    @Test func twoHostsAreRefused() async throws {
        let test = try await TestSite()
        try await test.run(.live) { browser in
            for path in ["/livez", "/", "/api/v1/whoami", "/v1/models"] {
                for other in ["localhost", "evil.example", ""] {
                    let answer = try await browser.ask(.get, path, role: .admin, ["Host": other])
                    #expect(answer.status == .badRequest, "\(path) \(other): \(answer.status)")
                }
                #expect(try await browser.ask(.get, path, role: .admin).status != .badRequest)
            }
        }
    }

    /// No page, error or not, links to an address that a browser reads as another server's.
    @Test(arguments: [
        "//models", "//models/", "///models", "/\\models", "//evil.example/models", "/models//any", "/a\\b",
        "//models.json", "/\\/evil.example",
    ])
    func noLinkLeadsElsewhere(path: String) async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let visitor = try await browser.loggedIn(.admin)
            for asker in [browser, visitor] {
                let answer = try await asker.page(path)
                #expect(answer.status.code >= 400, "\(path): \(answer.status)")
                let html = String(buffer: answer.body)
                for link in html.components(separatedBy: "href=\"").dropFirst()
                    + html.components(separatedBy: "action=\"").dropFirst()
                {
                    #expect(!link.hasPrefix("//") && !link.hasPrefix("/\\"), "\(path): \(link.prefix(40))")
                }
            }
        }
        #expect(!PageContext.isOfThisSite(path))
    }

    @Test(arguments: ["/", "/models?ref=//x", "/models/a%2Fb", "/audit?who=a\\b", "/static/app.css?v=1"])
    func ordinaryAddressesAreOfThisSite(path: String) { #expect(PageContext.isOfThisSite(path)) }
}
