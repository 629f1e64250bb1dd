import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import RegistryTypes
import Testing
import WireFormat

@testable import Server

/// The forms and the query fields over live traffic: what is missing, forged or senseless is said, not done.
struct LiveFormTests {
    private static let now = Timestamp(milliseconds: 1_795_260_044_120)

    @Test(arguments: [
        ("90s", 90.0), ("15min", 900), ("15m", 900), ("24h", 86_400), ("7d", 604_800), ("2026-11-21T11:20:44.120Z", 0),
    ])
    func momentsAreReadAsPeopleWriteThem(text: String, ago: Double) throws {
        let query = FieldList(Array("since=\(text)".utf8))
        #expect(
            try PathParts.moment("since", of: query, now: LiveFormTests.now) == LiveFormTests.now.adding(seconds: -ago)
        )
    }

    @Test(arguments: [
        "h", "-1h", "0h", "1.5h", "1 h", "24", "yesterday", "9999999999999h", "1h1h", "２h", "h1", "1e3s", "NaNs",
        "2026-02-30T00:00:00Z", "200000d",
    ])
    func senselessMomentsAreRefused(text: String) {
        let query = FieldList(Array("since=\(text)".utf8))
        #expect(throws: Problem.self) { try PathParts.moment("since", of: query, now: LiveFormTests.now) }
    }

    @Test func emptyFieldsOfAFormNarrowNothing() throws {
        let query = FieldList(Array("model=&release=&arm=&outcome=&since=&before=&correct=".utf8))
        let asked = try PathParts.requests(query, now: LiveFormTests.now)
        #expect(asked.model == nil && asked.since == nil && asked.before == nil && asked.terms.isEmpty)
        #expect(asked.limit == APIRoutes.items)
    }

    /// Every page of live traffic teaches when there is nothing, with its twin at the same address.
    @Test func pagesWithoutDataTeachAndHaveTwins() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let reader = try await browser.loggedIn(.reader)
            for path in ["/", "/oncall", "/requests", "/slos", "/rollouts", "/incidents", "/drift", "/traffic"] {
                let page = try await reader.page(path)
                #expect(page.status == .ok, "\(path)")
                #expect(page.body.readableBytes < 50_000, "\(path)")
                #expect(String(buffer: page.body).contains("data until"), "\(path)")
                guard path != "/" else { continue }
                let twin = try await reader.ask(.get, path + ".json")
                #expect(twin.status == .ok, "\(path).json")
                #expect(twin.headers[.contentType]?.hasPrefix("application/json") == true, "\(path).json")
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
                "/drift/baselines",
            ] {
                #expect(try await admin.send(path, "reason=x&csrf=wrong").status == .forbidden, "\(path)")
            }
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
