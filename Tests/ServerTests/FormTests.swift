import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import RegistryTypes
import Testing
import WireFormat

@testable import Server

/// The forms and the query fields over captured traffic: what is missing, forged or senseless is said, not done.
struct FormTests {
    private static let now = Timestamp(milliseconds: 1_795_260_044_120)

    @Test(arguments: [
        ("90s", 90.0), ("15min", 900), ("15m", 900), ("24h", 86_400), ("7d", 604_800), ("2026-11-21T11:20:44.120Z", 0),
    ])
    func momentsAreReadAsPeopleWriteThem(text: String, ago: Double) throws {
        let query = FieldList(Array("since=\(text)".utf8))
        #expect(
            try PathParts.moment("since", of: query, now: FormTests.now) == FormTests.now.adding(seconds: -ago)
        )
    }

    @Test(arguments: [
        "h", "-1h", "0h", "1.5h", "1 h", "24", "yesterday", "9999999999999h", "1h1h", "２h", "h1", "1e3s", "NaNs",
        "2026-02-30T00:00:00Z", "200000d",
    ])
    func senselessMomentsAreRefused(text: String) {
        let query = FieldList(Array("since=\(text)".utf8))
        #expect(throws: Problem.self) { try PathParts.moment("since", of: query, now: FormTests.now) }
    }

    @Test func emptyFieldsOfAFormNarrowNothing() throws {
        let query = FieldList(Array("model=&release=&arm=&outcome=&since=&before=&correct=".utf8))
        let asked = try RequestRoutes.query(query, now: FormTests.now)
        #expect(asked.model == nil && asked.since == nil && asked.before == nil && asked.terms.isEmpty)
        #expect(asked.limit == .usual)
    }

    /// Every page of what is served teaches when there is nothing, with its JSON representation at the same address.
    @Test func pagesWithoutDataTeachAndHaveJSON() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let reader = try await browser.loggedIn(.reader)
            for path in ["/", "/oncall", "/requests", "/slos", "/rollouts", "/incidents", "/drift", "/traffic"] {
                let page = try await reader.page(path)
                #expect(page.status == .ok, "\(path)")
                #expect(page.body.readableBytes < 50_000, "\(path)")
                #expect(String(buffer: page.body).contains("data until"), "\(path)")
                guard path != "/" else { continue }
                let json = try await reader.ask(.get, path + ".json")
                #expect(json.status == .ok, "\(path).json")
                #expect(json.headers[.contentType]?.hasPrefix("application/json") == true, "\(path).json")
            }
        }
    }

    @Test(arguments: [
        ("/requests?outcome=nonsense", 400), ("/requests?since=later", 400), ("/requests?before=x", 400),
        ("/requests/01KAJ5W1T8Z3V0Q9M7R2X4B6CD", 404), ("/requests/..%2f..%2fetc", 404), ("/slos/none", 404),
        ("/rollouts/ro-99", 404), ("/rollouts/99", 404), ("/incidents/i-99", 404), ("/incidents?open=maybe", 400),
        ("/drift/d-99", 404), ("/drift/x", 404),
    ])
    func whatIsNotThereIsAnError(path: String, status: Int) async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let answer = try await browser.loggedIn(.reader).page(path)
            #expect(answer.status.code == status, "\(path)")
            #expect(String(buffer: answer.body).contains("<h1>"), "\(path)")
        }
    }

    /// A form without the token of the session does nothing, whoever sends it.
    @Test func formsWithoutTheirTokenAreRefused() async throws {
        let test = try await TestSite()
        let id = "01KAJ5W1T8Z3V0Q9M7R2X4B6CD"
        try await test.run { browser in
            let admin = try await browser.loggedIn(.admin)
            for path in [
                "/requests/\(id)/labels", "/requests/\(id)/replay", "/traffic", "/incidents/i-1/notes",
                "/incidents/i-1/close", "/models/m/channels/production/resume", "/drift", "/drift/d-1/baseline",
                "/drift/baselines", "/canaries/c-1/cancel", "/evaluations/e-1/cancel",
            ] {
                #expect(try await admin.send(path, "reason=x&csrf=wrong").status == .forbidden, "\(path)")
            }
        }
    }

    /// The buttons that cancel: who may gets as far as the registry, which does not know the run; a reader does not.
    @Test(arguments: ["/canaries/c-1/cancel", "/evaluations/e-1/cancel"])
    func cancelButtonsNameTheRunThatIsNotThere(path: String) async throws {
        let test = try await TestSite()
        try await test.run { browser in
            for (role, status) in [(Role.deployer, HTTPResponse.Status.notFound), (.reader, .forbidden)] {
                let person = try await browser.loggedIn(role)
                let answer = try await person.send(path, "csrf=\(person.formToken)")
                #expect(answer.status == status, "\(role)")
                #expect(String(buffer: answer.body).contains("<h1>"), "\(role)")
            }
            let deployer = try await browser.loggedIn(.deployer), other = try await browser.loggedIn(.admin)
            #expect(try await deployer.send(path, "csrf=\(other.formToken)").status == .forbidden)
        }
    }

    @Test func formsSayWhatIsMissing() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let admin = try await browser.loggedIn(.admin)
            let token = "csrf=\(admin.formToken)"
            for (path, form, words) in [
                ("/traffic", "name=Not+A+Name", "cannot name a set"), ("/traffic", "name=empty", "Error:"),
                ("/models/m/channels/production/resume", "reason=+", "lifting a hold needs a reason"),
            ] {
                let answer = try await admin.send(path, "\(token)&\(form)")
                #expect(answer.status == .unprocessableContent, "\(path) \(form)")
                #expect(String(buffer: answer.body).contains(words), "\(path) \(form)")
            }
        }
    }
}

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
