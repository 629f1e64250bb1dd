import Foundation
import TestSupport
import Testing
import WireFormat

/// `promote --run-missing` fills the gates of the channel that it promotes to, or says before anything runs that it cannot.
@Suite(.needsDemo) struct RunMissingTests {
    private static let documents = """
        apiVersion: serin/v1
        kind: Canary
        name: answered
        compare: { traffic: week47, requests: 300, seed: 7 }
        checks: [{ name: answered, metric: availability, mayDrop: 2 points }]
        ---
        apiVersion: serin/v1
        kind: Canary
        name: fixed
        compare: { traffic: week47, requests: 300, seed: 7, against: r1 }
        checks: [{ name: answered, metric: availability, mayDrop: 2 points }]
        ---
        apiVersion: serin/v1
        kind: Canary
        name: wide
        compare: { traffic: week47, requests: 300, seed: 7 }
        checks: [{ name: right, metric: exact_match, mayDrop: 54 points }]
        ---
        apiVersion: serin/v1
        kind: Policy
        name: eps
        for: { channel: eps, models: ["*"] }
        gates: [{ id: canary, type: canary, level: overridable, using: answered }]
        onMissing: block
        ---
        apiVersion: serin/v1
        kind: Policy
        name: zeta
        for: { channel: zeta, models: ["*"] }
        gates: [{ id: canary, type: canary, level: overridable, using: fixed }]
        onMissing: block
        ---
        apiVersion: serin/v1
        kind: Policy
        name: delta
        for: { channel: delta, models: ["*"] }
        gates: [{ id: canary, type: canary, level: overridable, using: wide, verdict: marginal }]
        onMissing: block
        """

    @Test func itFillsTheGateOfItsChannel() throws {
        let installation = try Installation()
        #expect(try installation.run("demo", "create", installation.folder.appending(path: "files").path).exit == 0)
        let server = try RunningServer(installation)
        let environment = ["SERIN_SERVER": server.address]
        func serin(_ arguments: String...) throws -> Installation.Outcome {
            try installation.run(arguments, environment: environment)
        }
        func file(_ path: String) -> String { installation.folder.appending(path: "files/\(path)").path }
        for version in ["v2", "v3"] {
            #expect(try serin("publish", file(version), "--model", "ticket-bot").exit == 0)
        }
        #expect(try serin("apply", "-f", installation.write("documents.yaml", Self.documents)).exit == 0)

        // What is live in the channel is not what is live in production; nor is it what the document names.
        for channel in ["eps", "zeta"] {
            #expect(try serin("promote", "ticket-bot@3", "--to", channel).exit == 0)
            let other = try serin(
                "promote",
                "ticket-bot@3",
                "--to",
                channel,
                "--set",
                "temperature=0.1",
                "--traffic",
                "golden",
                "--run-missing"
            )
            #expect(other.exit == 64 && other.err.contains("names week47"), "\(other.err)")
            let moved = try serin(
                "promote",
                "ticket-bot@3",
                "--to",
                channel,
                "--set",
                "temperature=0.1",
                "--run-missing"
            )
            #expect(moved.exit == 0 && moved.out.contains("canary c-"), "\(moved.out)\(moved.err)")
        }
        // Where marginal will do, it does.
        #expect(try serin("promote", "ticket-bot@1", "--to", "delta").exit == 0)
        let marginal = try serin("promote", "ticket-bot@2", "--to", "delta", "--run-missing")
        #expect(marginal.exit == 0 && marginal.out.contains("marginal"), "\(marginal.out)\(marginal.err)")
        try server.stop()
    }
    private static let narrow = """
        apiVersion: serin/v1
        kind: Canary
        name: narrow
        compare: { traffic: week47, requests: 150, seed: 7 }
        checks: [{ name: answered, metric: availability, mayDrop: 1 points }]
        ---
        apiVersion: serin/v1
        kind: Policy
        name: eps
        for: { channel: eps, models: ["*"] }
        gates: [{ id: canary, type: canary, level: overridable, using: narrow }]
        onMissing: block
        """

    /// A canary that did not decide is extended: by the verb, as the printed step says, and by `--run-missing`.
    @Test func whatDidNotDecideIsExtended() throws {
        let installation = try Installation()
        #expect(try installation.run("demo", "create", installation.folder.appending(path: "files").path).exit == 0)
        let server = try RunningServer(installation)
        let environment = ["SERIN_SERVER": server.address]
        func serin(_ arguments: String...) throws -> Installation.Outcome {
            try installation.run(arguments, environment: environment)
        }
        let v3 = installation.folder.appending(path: "files/v3").path
        #expect(try serin("publish", v3, "--model", "ticket-bot").exit == 0)
        #expect(try serin("apply", "-f", installation.write("documents.yaml", Self.narrow)).exit == 0)
        #expect(try serin("promote", "ticket-bot@1", "--to", "eps").exit == 0)

        let open = try serin("canary", "run", "ticket-bot@2", "--against", "ticket-bot@r1", "--using", "narrow")
        #expect(open.exit == 11, "\(open.out)\(open.err)")
        let step = try #require(
            open.err.split(separator: "\n").first { $0.hasPrefix("next: serin canary extend c-1 --to ") }
        )
        let refused = try serin("canary", "extend", "c-1", "--to", "150")
        #expect(refused.exit == 64 && refused.err.contains("it asked 150"), "\(refused.err)")
        let moved = try serin("promote", "ticket-bot@2", "--to", "eps", "--run-missing")
        #expect(moved.exit == 0 && moved.out.contains("canary c-2 pass"), "\(moved.out)\(moved.err)")
        let shown = try serin("canary", "show", "c-2")
        #expect(
            shown.out.contains("goes on from c-1") && shown.out.contains("extended from 150 requests"),
            "\(shown.out)"
        )
        // The step as printed: it was done by the other verb.
        let again = try installation.run(
            step.split(separator: " ").dropFirst(2).map(String.init),
            environment: environment
        )
        #expect(again.exit == 5 && again.err.contains("canary c-1 is extended by c-2"), "\(again.err)")
        let watched = try serin("canary", "watch", "c-1")
        #expect(watched.err.contains("next: serin canary show c-2"), "\(watched.err)")
        let list = try serin("canary", "list")
        #expect(list.out.contains("extended from 150"), "\(list.out)")
        try server.stop()
    }
}
