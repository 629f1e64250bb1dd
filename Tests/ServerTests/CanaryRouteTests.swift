import HTTPTypes
import HummingbirdTesting
import NIOCore
import RegistryTypes
import Testing
import WireFormat

@testable import Server

/// The addresses that read an old canary: what is asked wrongly is refused by name, what is not there is not found.
struct CanaryRouteTests {
    @Test(arguments: [
        ("GET", "canaries/c-1/samples?only=nonsense", "", 400, "only must be one of different, worse, better, errors"),
        ("GET", "canaries/c-1/samples?after=0", "", 400, "after must be a number from 1 on"),
        ("GET", "canaries/c-1/samples?only=worse&only=better", "", 400, "only"),
        ("GET", "canaries/c-1/samples?limit=501", "", 400, "limit"), ("GET", "canaries/c-1/samples", "", 404, "c-1"),
        ("GET", "canaries/one/samples", "", 404, "does not name anything"),
        ("GET", "canaries/c-1/report", "", 404, "c-1"), ("GET", "canaries/c-1/report?only=worse", "", 400, "only"),
        ("POST", "canaries/c-1/recompute", "{}", 404, "c-1"), ("POST", "canaries/c-1/recompute", "", 404, "c-1"),
        ("POST", "canaries/c-1/recompute", #"{"dryRun":true}"#, 400, "the body is not what this address takes"),
        ("POST", "canaries/c-1/try", "{}", 400, "file"), ("POST", "canaries/c-1/try", "[1", 400, ""),
        ("POST", "canaries/c-1/try", #"{"file":{"name":"a.yaml","text":""}}"#, 422, "file has no document"),
        ("POST", "canaries/c-1/try", #"{"file":{"name":"a.yaml","text":"a: &x [*x]"}}"#, 422, "a.yaml"),
        ("POST", "canaries/c-1/try", #"{"file":{"name":"a","text":"","more":1}}"#, 400, "more"),
    ])
    func whatIsAskedWronglyIsRefused(
        _ method: String,
        _ path: String,
        _ body: String,
        _ status: Int,
        _ words: String
    ) async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let answer = try await browser.ask(
                #require(HTTPRequest.Method(method)),
                "/api/v1/\(path)",
                role: .reader,
                body.isEmpty ? [:] : ["Content-Type": "application/json"],
                body: body
            )
            let text = String(buffer: answer.body)
            #expect(answer.status.code == status && text.contains(words), "\(answer.status) \(text)")
        }
    }

    @Test func thePageOfPairsIsRefusedLikewise() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let reader = try await browser.loggedIn(.reader)
            for (path, status) in [
                ("/canaries/c-1/samples", 404), ("/canaries/c-1/samples?only=good", 400),
                ("/canaries/c-1/samples.json?after=x", 400), ("/canaries/c-1/samples?limit=9", 400),
            ] {
                let answer = try await reader.ask(.get, path)
                #expect(answer.status.code == status, "\(path): \(answer.status)")
            }
        }
    }
}
