import ControlPlane
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import RegistryTypes
import Testing
import WireFormat

@testable import Server

/// Every route with fields that it does not take: refused by name, never left out of the question.
struct FieldTests {
    /// What `entry` answers to a query, or to a form with those fields.
    private static func answer(
        _ entry: Routes.Entry,
        _ query: String,
        _ browser: TestBrowser,
        _ admin: TestBrowser
    ) async throws -> TestResponse {
        let path = PermissionTests.path(entry.pattern), method = try PermissionTests.method(entry)
        let address = path.isEmpty ? "/" : path
        switch (entry.door, method) {
        case (.session, .post): return try await admin.send(address, "csrf=\(admin.formToken)&\(query)")
        case (.session, _): return try await admin.ask(method, "\(address)?\(query)")
        case (.token, .get): return try await browser.ask(method, "\(address)?\(query)", role: .admin)
        case (.token, _):
            return try await browser.ask(
                method,
                "\(address)?\(query)",
                role: .admin,
                ["Content-Type": "application/json"],
                body: "{}"
            )
        }
    }

    @Test(arguments: [
        "no_such=1", "no_such=", "limit=abc", "limit=0", "limit=1000000", "before=abc", "live=7", "before=1&before=2",
    ])
    func whatARouteDoesNotTakeIsRefused(query: String) async throws {
        let test = try await TestSite()
        let name = query.split(separator: "=").first.map(String.init) ?? ""
        try await test.run { browser in
            let admin = try await browser.loggedIn(.admin)
            for entry in test.site.entries where entry.pattern != "/login" && entry.pattern != "/logout" {
                let answer = try await FieldTests.answer(entry, query, browser, admin)
                #expect(answer.status == .badRequest, "\(entry.method) \(entry.pattern) \(query)")
                #expect(String(buffer: answer.body).contains(name), "\(entry.method) \(entry.pattern) \(query)")
            }
        }
    }

    /// What a route takes is refused, if at all, for its value; and the table has no address that is not there.
    @Test func theTableIsOfThisSite() async throws {
        let test = try await TestSite()
        let known = try KnownFields()
        let addresses = Set(test.site.entries.map { "\($0.method) \($0.pattern)" })
        #expect(Set(known.addresses).subtracting(addresses) == [])
        try await test.run { browser in
            let admin = try await browser.loggedIn(.admin)
            for entry in test.site.entries where entry.method == "GET" && entry.pattern != "/login" {
                for name in known.names(entry.method, entry.pattern, isPage: entry.door == .session) {
                    let answer = try await FieldTests.answer(entry, "\(name)=5", browser, admin)
                    #expect(!String(buffer: answer.body).contains("no field"), "\(entry.pattern) \(name)")
                }
            }
        }
    }

    /// A field of a program that is empty would widen what it asked for; a form sends what nobody filled in.
    @Test func anEmptyFieldIsRefused() async throws {
        let test = try await TestSite()
        let known = try KnownFields()
        try await test.run { browser in
            let admin = try await browser.loggedIn(.admin)
            var tried = 0
            for entry in test.site.entries where entry.method == "GET" && entry.permission != .anyone {
                for name in known.names(entry.method, entry.pattern, isPage: entry.door == .session) {
                    let answer = try await FieldTests.answer(entry, "\(name)=", browser, admin)
                    let isRefused = String(buffer: answer.body).contains("\(name) is empty")
                    #expect(isRefused == (entry.door == .token), "\(entry.pattern) \(name)")
                    tried += 1
                }
            }
            #expect(tried > 60)
            // The JSON of a page with a key is a program's question.
            let answer = try await browser.ask(.get, "/requests.json?key=", role: .reader)
            #expect(answer.status == .badRequest)
        }
    }

    /// An address and a body that name two requests are about neither.
    @Test func aBodyAboutAnotherRequestIsRefused() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let id = "01KAJ5W1T8Z3V0Q9M7R2X4B6CD", other = "01KAJ5W1T8Z3V0Q9M7R2X4B6CE"
            for (named, status) in [(other, HTTPResponse.Status.badRequest), (id, .notFound)] {
                let answer = try await browser.ask(
                    .post,
                    "/api/v1/requests/\(id)/labels",
                    role: .admin,
                    ["Content-Type": "application/json"],
                    body: #"{"request": "\#(named)", "correct": true}"#
                )
                #expect(answer.status == status)
            }
        }
    }

    /// A header of ours that an address does not take is refused by its name.
    @Test func aHeaderOfOursIsTakenOrRefused() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            for entry in test.site.entries where entry.door == .token && entry.permission != .anyone {
                let answer = try await browser.ask(
                    PermissionTests.method(entry),
                    PermissionTests.path(entry.pattern),
                    role: .admin,
                    ["Content-Type": "application/json", "x-serin-deadline": "5"],
                    body: entry.method == "GET"
                        ? nil : #"{"model": "ticket-bot", "release": {"reference": "ticket-bot"}, "variables": {}}"#
                )
                guard entry.pattern != "/v1/chat/completions" else { continue }
                #expect(answer.status == .badRequest, "\(entry.method) \(entry.pattern)")
                #expect(String(buffer: answer.body).contains("x-serin-deadline"), "\(entry.method) \(entry.pattern)")
            }
        }
    }

    /// Only what failed here is in the log of the server, and only there is a reader sent to it.
    @Test func aReaderIsSentToTheLogForOurFaultsOnly() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let page = try await browser.loggedIn(.reader).page("/models?no_such=1")
            #expect(page.status == .badRequest && !String(buffer: page.body).contains("the server's log"))
        }
    }

    /// A body with nothing but a member that nobody knows: no route does what it would do without it.
    @Test func whatABodyDoesNotHoldIsRefused() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let head = try await test.plane.overview.status().head
            for entry in test.site.entries
            where entry.door == .token && entry.method == "POST" && entry.pattern != "/login" {
                let path = PermissionTests.path(entry.pattern)
                for body in [#"{"no_such_member": 1}"#, "[]", #"{"a": 1, "a": 2}"#, "{"] {
                    let headers = ["Content-Type": "application/json"]
                    let answer = try await browser.ask(.post, path, role: .admin, headers, body: body)
                    #expect(answer.status == .badRequest, "\(path) \(body) \(answer.status)")
                }
            }
            #expect(try await test.plane.overview.status().head == head)
        }
    }

    /// The JSON of a page is read with a key as well as in a browser; the page itself is not.
    @Test func theJSONOfAPageTakesAKey() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let reader = try await browser.loggedIn(.reader)
            for path in ["/models", "/prompts", "/requests", "/audit", "/slos", "/incidents", "/oncall"] {
                let withKey = try await browser.ask(.get, "\(path).json", role: .reader)
                let inBrowser = try await reader.ask(.get, "\(path).json")
                #expect(withKey.status == .ok && withKey.body == inBrowser.body, "\(path)")
                #expect(try await browser.ask(.get, "\(path).json").status == .unauthorized)
                #expect(
                    try await browser.ask(.get, "\(path).json", ["Authorization": "Bearer x"]).status == .unauthorized
                )
                // A key that is sent and wrong is not overlooked because a browser is logged in.
                #expect(
                    try await reader.ask(.get, "\(path).json", ["Authorization": "Bearer x"]).status == .unauthorized
                )
                #expect(try await browser.ask(.get, path, role: .reader).status == .unauthorized)
                #expect(try await browser.ask(.get, "\(path).json", role: .caller).status == .forbidden)
                #expect(try await browser.ask(.get, "\(path).json?no_such=1", role: .reader).status == .badRequest)
            }
        }
    }

    /// A part of a path is what was sent: `+` and `&` are letters there, and no name has them.
    @Test(arguments: ["/models/mod+els", "/models/a&b", "/models/a%26b", "/models/a%2Bb", "/models/+", "/prompts/a+b"])
    func signsInPathsAreThemselves(path: String) async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let reader = try await browser.loggedIn(.reader)
            #expect(try await reader.page(path).status == .notFound)
            #expect(try await browser.ask(.get, "/api/v1\(path)", role: .reader).status == .notFound)
        }
    }

    @Test func moreFieldsThanAreReadAreRefused() async throws {
        let test = try await TestSite()
        let query = (0...FieldList.maxFields).map { _ in "model=x" }.joined(separator: "&")
        try await test.run { browser in
            let answer = try await browser.ask(.get, "/api/v1/requests?\(query)", role: .reader)
            #expect(answer.status == .badRequest)
        }
    }
}
