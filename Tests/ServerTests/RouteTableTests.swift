import Digests
import Foundation
import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat

@testable import ControlPlane
@testable import Server

/// `docs/security.md` says of each route who may use it. It is made from the routes, and then believed: each route is asked by
/// everybody, and answers as the document says.
struct RouteTableTests {
    private static let document = WrittenTable("routes", of: "docs/security.md")

    /// A line of the table, as it is written and read.
    struct Line: Hashable {
        let method: String
        let pattern: String
        let door: String
        let role: String
        let besides: String

        init(_ entry: Routes.Entry) {
            method = entry.method
            pattern = entry.pattern
            door = entry.operation == nil ? "none" : entry.door == .token ? "token" : "session"
            role = entry.permission.minRole?.rawValue ?? "anybody"
            besides = Self.besides(entry.operation).joined(separator: "; ")
        }

        init?(_ text: String) {
            let cells = text.split(separator: "|").map { $0.drop { $0 == " " } }.map { cell in
                String(cell.reversed().drop { $0 == " " }.reversed()).replacing("`", with: "")
            }
            guard cells.count >= 4, ["GET", "POST", "PUT"].contains(cells[0]) else { return nil }
            (method, pattern, door, role) = (cells[0], cells[1], cells[2], cells[3])
            besides = cells.count > 4 ? cells[4] : ""
        }

        var text: String { "| \(method) | `\(pattern)` | \(door) | \(role) | \(besides) |" }

        private static func besides(_ operation: RegistryTypes.Operation?) -> [String] {
            guard let operation else { return [] }
            func line(_ words: String, _ other: RegistryTypes.Operation) -> String? {
                guard let role = other.permission.minRole, other.permission != operation.permission else { return nil }
                return "\(words): \(role.rawValue)"
            }
            return [operation.onThingsOfOthers.flatMap { line("of another key", $0) }].compactMap(\.self)
                + operation.forSome.compactMap { line($0.words, $0) }
        }
    }

    @Test func theDocumentIsMadeFromTheRoutes() async throws {
        let entries = try await TestSite().site.entries
        let lines = entries.map(Line.init).sorted { ($0.pattern, $0.method) < ($1.pattern, $1.method) }
        let table =
            ["| method | address | shown by | role | besides |", "| --- | --- | --- | --- | --- |"] + lines.map(\.text)
        #expect(try Self.document.says(table), "docs/security.md differs: run with UPDATE_GOLDEN=1")
    }

    /// Each route, asked over a socket by every role, without a token, with a wrong one, with that of a revoked key, and with
    /// a session that ended.
    @Test func everyRouteAnswersAsTheDocumentSays() async throws {
        let test = try await TestSite()
        let lines = try #require(Self.document.lines).compactMap(Line.init)
        #expect(Set(lines) == Set(test.site.entries.map(Line.init)))
        let gone = try await test.plane.access.createKey(KeyRequest(name: Name("gone"), role: .admin), by: test.admin)
        try await test.run(.live) { browser in
            var sessions: [Role: TestBrowser] = [:]
            for role in Role.allCases { sessions[role] = try await browser.loggedIn(role) }
            let left = try await browser.loggedIn(token: gone.token)
            _ = try await test.plane.access.revokeKey(Name("gone"), by: test.admin)
            for line in lines {
                let path = PermissionTests.path(line.pattern).isEmpty ? "/" : PermissionTests.path(line.pattern)
                let method = try #require(HTTPRequest.Method(line.method))
                func status(_ browser: TestBrowser, _ headers: [String: String] = [:]) async throws -> Int {
                    if method == .get { return try await browser.ask(method, path, headers).status.code }
                    // A form as our own page sends it.
                    let own = ["Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"]
                    let body = browser.cookie == nil ? "{}" : "csrf=\(browser.formToken)"
                    return try await browser.ask(method, path, own.merging(headers) { $1 }, body: body).status.code
                }
                let isOpen = line.role == "anybody"
                for headers in [
                    [:], ["Authorization": "Bearer srn_none"], ["Authorization": "Bearer \(gone.token)"],
                    ["Cookie": "serin=none"], ["Cookie": left.cookie ?? ""],
                ] {
                    let code = try await status(browser, headers)
                    #expect(
                        isOpen ? code != 401 || line.method == "POST" : code == 401,
                        "\(line.text) \(headers): \(code)"
                    )
                }
                guard let least = Role(rawValue: line.role) else { continue }
                for role in Role.allCases {
                    let token = ["Authorization": "Bearer \(try #require(test.tokens[role]))"]
                    // Logging out ends the session that the next route is asked with.
                    let session = try await path == "/logout" ? browser.loggedIn(role) : #require(sessions[role])
                    let right = try await line.door == "token" ? status(browser, token) : status(session)
                    let wrong = try await line.door == "token" ? status(session) : status(browser, token)
                    #expect(wrong == 401, "\(line.text) by the other door as \(role): \(wrong)")
                    #expect(right != 401, "\(line.text) as \(role): \(right)")
                    #expect((right == 403) == (role < least), "\(line.text) as \(role): \(right)")
                }
            }
            test.clock.advance(seconds: Logins.sessionSeconds + 1)
            let ended = try #require(sessions[.admin])
            for line in lines where line.door == "session" {
                let path = PermissionTests.path(line.pattern).isEmpty ? "/" : PermissionTests.path(line.pattern)
                let code = try await ended.ask(
                    #require(HTTPRequest.Method(line.method)),
                    path,
                    body: line.method == "GET" ? nil : "csrf=\(ended.formToken)"
                ).status.code
                #expect(code == 401, "\(line.text) after the session ended: \(code)")
            }
        }
    }

    /// Each route that names a thing of a key, asked for one of another key: what the document says takes more is refused to
    /// those who have less, and to nobody else; what it says nothing of is answered to the role of the route.
    @Test func thingsOfAnotherKeyAreAnsweredAsTheDocumentSays() async throws {
        let test = try await TestSite(by: "owner", OwnedThings.events())
        func key(_ name: String, _ role: Role) async throws -> String {
            try await test.plane.access.createKey(KeyRequest(name: Name(name), role: role), by: test.admin).token
        }
        let mine = try await key("owner", .publisher), shop = try await key("shop", .caller)
        for id in OwnedThings.requests { try OwnedThings.record(id, key: Name("shop"), test.plane) }
        let lines = try #require(Self.document.lines).compactMap(Line.init)
        let owned = lines.filter { line in
            ["{canary}", "{evaluation}", "{request}", "{reading}"].contains { line.pattern.contains($0) }
                || line.besides.contains("of another key")
        }
        // A reading needs a model in memory: ReadingTests ask for those of others.
        let asked = owned.filter { !$0.pattern.contains("{reading}") }
        #expect(asked.count(where: { $0.besides.contains("of another key") }) == 7 && asked.count > 12)
        try await test.run { client in
            func ask(_ line: Line, _ number: Int, token: String) async throws -> Int {
                let path = OwnedThings.path(line.pattern, number)
                let method = try #require(HTTPRequest.Method(line.method))
                let label = "\"correct\": true", request = OwnedThings.requests[number - 1]
                guard line.door == "session" else {
                    let members = line.pattern == "/v1/feedback" ? "\"request\": \"\(request)\", \(label)" : label
                    let body = members != label || line.pattern.hasSuffix("labels") ? "{\(members)}" : "{}"
                    let headers = ["Authorization": "Bearer \(token)", "Content-Type": "application/json"]
                    return try await client.ask(method, path, headers, body: method == .get ? nil : body).status.code
                }
                let browser = try await client.loggedIn(token: token)
                if method == .get { return try await browser.page(path).status.code }
                let form = "csrf=\(browser.formToken)" + (line.pattern.hasSuffix("labels") ? "&correct=yes" : "")
                return try await browser.send(path, form).status.code
            }
            // First everybody who is refused: what is allowed ends what is asked for.
            for line in asked {
                let least = try #require(Role(rawValue: line.role))
                let needed = Role.allCases.first { line.besides.contains("of another key: \($0.rawValue)") } ?? least
                for role in Role.allCases where role < needed {
                    let code = try await ask(line, 1, token: #require(test.tokens[role]))
                    #expect(code == 403, "\(line.text) as \(role): \(code)")
                }
            }
            for line in asked {
                let least = try #require(Role(rawValue: line.role))
                let needed = Role.allCases.first { line.besides.contains("of another key: \($0.rawValue)") } ?? least
                let code = try await ask(line, 1, token: #require(test.tokens[needed]))
                #expect(![401, 403, 404].contains(code), "\(line.text) as \(needed): \(code)")
                guard needed != least else { continue }
                let own = try await ask(line, 2, token: line.role == "caller" ? shop : mine)
                #expect(![401, 403, 404].contains(own), "\(line.text) by its own key: \(own)")
            }
        }
        try await test.plane.close()
    }
}

/// Things that belong to the key that made them.
private enum OwnedThings {
    static let requests = ["01KAJ5W1T8Z3V0Q9M7R2X4B6CD", "01KAJ5W1T8Z3V0Q9M7R2X4B6CE"]

    private static let model = Name.known("busy")

    /// Two canaries and two evaluations that run, and what they stand on.
    static func events() throws -> [RegistryEvent] {
        let registry = LargeRegistry(count: 2)
        let set = try Name("tickets"), digest = Digest(of: Data("requests".utf8))
        return try registry.foundation()
            + (1...2).flatMap { number -> [RegistryEvent] in
                [
                    .canaryStarted(
                        CanaryStarted(
                            id: CanaryID(number),
                            candidate: ReleaseID(model, 2),
                            baseline: ReleaseID(model, 1),
                            traffic: set,
                            trafficDigest: digest,
                            document: set,
                            documentDigest: digest,
                            requests: 2000,
                            seed: 1
                        )
                    ),
                    .evaluationStarted(
                        EvaluationStarted(
                            id: EvaluationID(number),
                            release: ReleaseID(model, 2),
                            suite: set,
                            suiteDigest: digest,
                            cases: 300
                        )
                    ),
                ]
            }
    }

    /// A request that came with a key.
    static func record(_ id: String, key: Name, _ plane: ControlPlane) throws {
        let record = RequestRecord(
            id: try RequestID(id),
            time: Timestamp(milliseconds: 1_795_260_040_000),
            model: model,
            asked: "busy",
            channel: nil,
            release: 1,
            version: 1,
            prompt: VersionID(LargeRegistry.long, 1),
            arm: .pinned,
            key: key,
            outcome: .answered,
            status: 200,
            totalSeconds: 0.05,
            seed: 1,
            capture: .redacted
        )
        let body = RegistryTypes.RequestBody(variables: ["ticket": "x"], answers: ["y"])
        plane.traffic.requests.recorder.record(CompletedRequest(record: record, body: body))
    }

    /// An address that fits a pattern, of the first or the second thing.
    static func path(_ pattern: String, _ number: Int) -> String {
        pattern.replacing("{canary}", with: "c-\(number)").replacing("{evaluation}", with: "e-\(number)")
            .replacing("{request}", with: requests[number - 1])
    }
}
