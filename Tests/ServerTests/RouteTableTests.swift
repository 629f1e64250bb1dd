import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import RegistryTypes
import TestSupport
import Testing
import WireFormat

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
}
