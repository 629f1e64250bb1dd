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
}
