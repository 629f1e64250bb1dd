import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat

/// The story through the real binary: one server on loopback, every step a command.
@Suite(.serialized, .needsDemo)
struct StoryTests {
    /// Fewer pairs than the demo, so that the default run stays short: v2 is caught all the same.
    static let pairs = Checkout.isFullRun ? "2000" : "300"

    @Test func aBadVersionIsCaughtAndAGoodOnePromoted() throws {
        let installation = try Installation()
        #expect(try installation.run("demo", "create", installation.folder.appending(path: "files").path).exit == 0)
        let server = try RunningServer(installation)
        let environment = ["SERIN_SERVER": server.address]
        func serin(_ arguments: String...) throws -> Installation.Outcome {
            try installation.run(arguments, environment: environment)
        }
        func file(_ path: String) -> String { installation.folder.appending(path: "files/\(path)").path }

        let status = try serin("status", "-o", "json")
        #expect(status.exit == 0)
        #expect(try status.json(StatusView.self).models.first?.channels.first?.release == 1)
        // The text comes as it is made; in JSON it comes whole. Both are the same answer, of either verb.
        let whole = try serin("chat", "ticket-bot", "Order 48213 arrived broken", "-o", "json").json(ChatAnswer.self)
        for verb in ["chat", "run"] {
            let answer = try serin(verb, "ticket-bot", "Order 48213 arrived broken")
            #expect(answer.exit == 0 && answer.out == whole.text + "\n" && answer.err.contains("tokens"), "\(answer)")
        }

        #expect(try serin("publish", file("v2"), "--model", "ticket-bot", "-m", "half the size").exit == 0)
        #expect(
            try serin("publish", file("v2"), "--model", "ticket-bot").exit == 0,
            "the same content again is no error"
        )
        #expect(try serin("promote", "ticket-bot@2", "--to", "production").exit == 13)
        let failed = try serin("canary", "run", "ticket-bot@2", "--requests", Self.pairs, "--seed", "7", "-o", "json")
        #expect(failed.exit == 10)
        let report = try #require(try failed.json(CanaryView.self).report)
        #expect(report.judgment.verdict == .fail)
        #expect(report.judgment.reasons.first?.contains("answers correct: worse by") == true)
        #expect(report.judgment.checks.first { $0.metric == "exact_match" }?.verdict == .fail)

        // The same seed again gives the same verdict fields, byte for byte, but for measured times.
        let again = try serin("canary", "run", "ticket-bot@2", "--requests", Self.pairs, "--seed", "7", "-o", "json")
        let repeated = try #require(try again.json(CanaryView.self).report)
        #expect(repeated.judgment.checks.filter { !$0.timed } == report.judgment.checks.filter { !$0.timed })

        #expect(try serin("policy", "explain", "ticket-bot@2", "--to", "production").exit == 13)
        #expect(
            try serin("promote", "ticket-bot@2", "--to", "production", "--override").exit == 64,
            "a reason is missing"
        )
        let forced = try serin("promote", "ticket-bot@2", "--to", "production", "--override", "--reason", "test")
        #expect(forced.exit == 0, "\(forced.err)")
        #expect(try serin("rollback", "ticket-bot", "--reason", "wrong numbers").exit == 0)

        #expect(try serin("publish", file("v3"), "--model", "ticket-bot").exit == 0)
        let early = try serin("canary", "run", "ticket-bot@3", "--requests", "200", "-o", "json")
        #expect(early.exit == 11)
        #expect(try early.json(CanaryView.self).record.requestsNeeded != nil)
        if Self.pairs == "2000" {
            let good = try serin(
                "promote",
                "ticket-bot@3",
                "--to",
                "production",
                "--run-missing",
                "--reason",
                "smaller"
            )
            #expect(good.exit == 0, "\(good.err)")
            #expect(try serin("rollback", "ticket-bot").exit == 0)
        }
        #expect(try serin("audit", "verify").exit == 0)
        #expect(try server.stop() == .exit(0))
        #expect(try installation.run("server", "check", "--data", installation.data.path).exit == 0)
        let rebuilt = try installation.run("server", "rebuild", "--data", installation.data.path)
        #expect(rebuilt.exit == 0, "\(rebuilt.err)")
    }
}
