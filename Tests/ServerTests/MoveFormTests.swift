import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import RegistryTypes
import Testing
import WireFormat

@testable import Server

/// Forms that move channels cannot be forged.
struct MoveFormTests {
    static let path = "/models/ticket-bot/channels/production/rollback"

    @Test func forgedFormsAreRefused() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let deployer = try await browser.loggedIn(.deployer), other = try await browser.loggedIn(.admin)
            let good = "csrf=\(deployer.formToken)"
            let forged: [(String, TestResponse)] = [
                ("no token", try await deployer.send(MoveFormTests.path, "")),
                ("wrong token", try await deployer.send(MoveFormTests.path, "csrf=0")),
                ("token of another session", try await deployer.send(MoveFormTests.path, "csrf=\(other.formToken)")),
                (
                    "another origin",
                    try await deployer.send(MoveFormTests.path, good, ["Origin": "http://evil.example"])
                ),
                ("no origin", try await deployer.ask(.post, MoveFormTests.path, ["Accept": "text/html"], body: good)),
                ("cross-site", try await deployer.send(MoveFormTests.path, good, ["Sec-Fetch-Site": "cross-site"])),
                ("token in the query", try await deployer.send(MoveFormTests.path + "?" + good, "")),
                (
                    "login from elsewhere",
                    try await browser.send(
                        "/login",
                        "token=\(browser.tokens[.admin] ?? "")",
                        ["Origin": "http://evil.example"]
                    )
                ),
            ]
            for (name, answer) in forged { #expect(answer.status == .forbidden, "\(name)") }
            // The genuine form gets as far as the registry, which does not know the model.
            #expect(try await deployer.send(MoveFormTests.path, good).status == .notFound)
            let large = good + "&reason=" + String(repeating: "a", count: 70_000)
            #expect(try await deployer.send(MoveFormTests.path, large).status.code == 413)
        }
    }

    @Test func everyPostOfABrowserNeedsTheTokenOfItsSession() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let admin = try await browser.loggedIn(.admin)
            for entry in test.site.entries where entry.door == .session && entry.method == "POST" {
                let path = entry.pattern.replacingOccurrences(of: "{model}", with: "m").replacingOccurrences(
                    of: "{channel}",
                    with: "c"
                )
                #expect(try await admin.send(path, "").status == .forbidden, "\(path)")
            }
        }
    }
}
