import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat

/// What happens under traffic, through the real binary: a bad version goes back automatically, a good one settles, and what
/// was captured is what the next canary and the drift report are made of.
@Suite(.serialized, .needsDemo)
struct TrafficStoryTests {
    /// The demo's policy with a shorter watch, and without the gates that the first half is about.
    private static let policy = """
        apiVersion: serin/v1
        kind: Policy
        name: production
        for: { channel: production, models: ["*"] }
        gates:
          - { id: smoke, type: smoke, level: mandatory }
        onMissing: block
        rollout: { strategy: direct, probation: 6 s, holdback: 50 % }
        rollBackWhen:
          - { worseThanPrevious: bad answers, error: 5 % }
          - { engineFailures: 3 }
        """

    /// Of what `serin demo traffic` prints, what is looked at here.
    private struct Summary: Decodable {
        struct Release: Decodable {
            let release: String
            let wrong: Int
        }

        let sent: Int
        let answered: Int
        let failed: Int
        let labelled: Int
        let releases: [Release]
    }

    /// Customers who write while the test goes on.
    private struct Customers {
        private let command: Installation.Running

        init(_ installation: Installation, _ environment: [String: String], _ options: [String]) throws {
            command = try installation.start(["demo", "traffic", "-o", "json"] + options, environment: environment)
        }

        /// Waits until they have written everything.
        func summary() throws -> Summary {
            let ended = try command.outcome(within: .seconds(120))
            #expect(ended.exit == 0, "\(ended.err)")
            return try ended.json(Summary.self)
        }
    }

    @Test func underTrafficABadVersionIsRolledBackAutomaticallyAndAGoodOneSettles() throws {
        let installation = try Installation()
        #expect(try installation.run("demo", "create", installation.folder.appending(path: "files").path).exit == 0)
        let server = try RunningServer(installation)
        let environment = ["SERIN_SERVER": server.address]
        func serin(_ arguments: String...) throws -> Installation.Outcome {
            try installation.run(arguments, environment: environment)
        }
        #expect(try serin("apply", "-f", installation.write("policy.yaml", Self.policy), "--no-input").exit == 0)
        for version in ["v2", "v3"] {
            let folder = installation.folder.appending(path: "files/\(version)").path
            #expect(try serin("publish", folder, "--model", "ticket-bot").exit == 0)
        }
        let key = try serin("key", "create", "app", "--role", "reader", "--capture", "redacted", "-o", "json")
            .json(KeyAnswer.self).token
        let asCustomer = environment.merging(["SERIN_TOKEN": key]) { $1 }

        try ProbationStage.settle(installation, asCustomer, environment)

        // A bad release is rolled back automatically.
        let customers = try Customers(installation, asCustomer, ["--rate", "20", "--for", "18s", "--seed", "1"])
        let forced = try serin("promote", "ticket-bot@2", "--to", "production", "--override", "--reason", "test")
        #expect(forced.exit == 0, "\(forced.err)")
        let watched = try serin("rollout", "show", "ro-1", "--watch")
        #expect(watched.exit == 10, "\(watched.out)\(watched.err)")
        let returned = try serin("rollout", "show", "ro-1", "-o", "json").json(RolloutView.self)
        #expect(returned.row.state == RolloutState.returned.rawValue)
        #expect(returned.returnedAfterSeconds != nil)
        #expect(try #require(returned.badAnswersServed) > 0)
        let status = try serin("status", "-o", "json").json(StatusView.self)
        #expect(status.models.first?.channels.first?.release == 1)

        // An incident is open and shows which answers were bad; nothing ordinary is promoted until a person says so.
        let incident = try serin("incident", "show", #require(returned.incident).description, "-o", "json")
            .json(IncidentView.self)
        #expect(incident.row.closedAt == nil)
        #expect(incident.row.release == 2)
        #expect(!incident.samples.isEmpty)
        let held = try serin("promote", "ticket-bot@3", "--to", "production")
        #expect(held.exit == 13)
        #expect(held.out.contains("rollout resume"), "\(held.out)")
        #expect(try serin("rollout", "resume", "ticket-bot", "--reason", "v3 keeps its scales").exit == 0)

        // A good release settles, and no customer noticed any of it but by the bad answers.
        let promoted = try serin("promote", "ticket-bot@3", "--to", "production", "--reason", "smaller")
        #expect(promoted.exit == 0, "\(promoted.out)\(promoted.err)")
        let settled = try serin("rollout", "show", "ro-2", "--watch")
        #expect(settled.exit == 0, "\(settled.out)\(settled.err)")
        let met = try customers.summary()
        #expect(met.failed == 0)
        #expect(met.answered == met.sent)
        #expect(met.labelled == met.answered)
        #expect(met.releases.map(\.release).sorted() == ["ticket-bot@r1", "ticket-bot@r2", "ticket-bot@r3"])
        #expect(try #require(met.releases.first { $0.release == "ticket-bot@r2" }).wrong > 0)

        try Self.followUp(installation, environment, asCustomer)
        #expect(try serin("audit", "verify").exit == 0)
        #expect(try server.stop() == .exit(0))
        #expect(try installation.run("server", "check", "--data", installation.data.path).exit == 0)
        let rebuilt = try installation.run("server", "rebuild", "--data", installation.data.path)
        #expect(rebuilt.exit == 0, "\(rebuilt.err)")
    }

    /// What was captured feeds the next canary and is what moved traffic is measured against.
    private static func followUp(
        _ installation: Installation,
        _ environment: [String: String],
        _ asCustomer: [String: String]
    ) throws {
        func serin(_ arguments: String...) throws -> Installation.Outcome {
            try installation.run(arguments, environment: environment)
        }
        let start = Timestamp(Date()).description
        let usual = try Customers(installation, asCustomer, ["--rate", "60", "--for", "5s", "--seed", "2"])
        #expect(try usual.summary().failed == 0)
        let baseline = try serin("drift", "baseline", "set", "ticket-bot", "--since", start)
        #expect(baseline.exit == 0, "\(baseline.err)")
        let frozen = try serin("traffic", "freeze", "captured", "--model", "ticket-bot", "--since", start, "-o", "json")
        #expect(frozen.exit == 0, "\(frozen.err)")
        let answer = try frozen.json(FreezeAnswer.self)
        #expect(answer.taken >= 200)
        #expect(answer.labelled == answer.taken)
        let canary = try serin("canary", "run", "ticket-bot@2", "--traffic", "captured", "--requests", "200")
        #expect(canary.exit == 10, "\(canary.out)\(canary.err)")

        let moved = Date()
        let german = try Customers(
            installation,
            asCustomer,
            ["--rate", "60", "--for", "5s", "--seed", "3", "--shift", "locale"]
        )
        #expect(try german.summary().failed == 0)
        let window = "\(Int(Date().timeIntervalSince(moved)))s"
        let drift = try serin("drift", "run", "ticket-bot", "--window", window, "-o", "json")
        #expect(drift.exit == 10, "\(drift.out)\(drift.err)")
        #expect(try drift.json(DriftView.self).report.sentence.contains("language de"), "\(drift.out)")
    }
}
