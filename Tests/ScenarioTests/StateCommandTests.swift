import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat

/// The commands of the table of states in docs/architecture.md, run as they are printed there: each in its state, which
/// outlived a `kill -9`, and each time the state is over, or goes on as the table says.
@Suite(.serialized, .needsDemo)
struct StateCommandTests {
    /// The command of each state.
    private static func commands() throws -> [String: String] {
        let text = try String(contentsOf: Checkout.root.appending(path: "docs/architecture.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").drop { !$0.hasPrefix("| state | begins with") }.dropFirst(2)
            .prefix { $0.hasPrefix("|") }
        let cells = rows.map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
        return Dictionary(uniqueKeysWithValues: cells.map { ($0[0], $0[4].trimmingCharacters(in: ["`"])) })
    }

    /// Runs a state's command with its capital words filled in.
    private func run(
        _ state: String,
        _ values: [String: String] = [:],
        _ stage: ProbationStage,
        _ server: RunningServer
    )
        throws -> Installation.Outcome
    {
        let command = try #require(try Self.commands()[state])
        let words = command.split(separator: " ").map { values[String($0)] ?? String($0) }
        #expect(words.first == "serin")
        #expect(words.allSatisfy { $0 != $0.uppercased() || values.values.contains($0) }, "\(words)")
        return try stage.installation.run(Array(words.dropFirst()), environment: stage.environment(server))
    }

    private func channel(_ stage: ProbationStage, _ server: RunningServer) throws -> ChannelRecord {
        try #require(try stage.status(server).models.first?.channels.first { $0.channel.text == "production" })
    }

    @Test func eachCommandEndsItsState() throws {
        let stage = try ProbationStage()
        var server = try stage.server()
        func killed() throws {
            try server.crash()
            server = try stage.server()
        }
        // watching goes on; unsettled ends with a person who goes back.
        try stage.promote(server, 3)
        let release = "ticket-bot@r\(try #require(try stage.live(server)))"
        func rejections() throws -> Int {
            try stage.serin(server, "release", "show", release, "-o", "json").json(ReleaseView.self)
                .release.rejections.count
        }
        try killed()
        let watched = try run("watching", ["RO": "ro-1"], stage, server)
        #expect(watched.exit == 0 && watched.out.contains("watching"), "\(watched.out)")
        #expect(try channel(stage, server).move.settled == false)
        let back = try run("unsettled", ["MODEL": "ticket-bot"], stage, server)
        #expect(back.exit == 0, "\(back.err)")
        #expect(try stage.live(server) == 1 && channel(stage, server).move.settled)

        // rejected ends with newer evidence and a promotion.
        try killed()
        #expect(try rejections() == 1)
        let refused = try stage.serin(server, "promote", release, "--to", "production")
        #expect(refused.exit == 13, "\(refused.out)")
        let canary = try run("rejected", ["REF": release, "DOCUMENT": "tickets"], stage, server)
        #expect(canary.exit == 0, "\(canary.out)\(canary.err)")
        try stage.promote(server, 3)
        #expect(try rejections() == 0)

        // held, incident open: bad answers take the next release back.
        try stage.promote(server, 2)
        let customers = try stage.customers(server, seconds: 60)
        try eventually("the release is taken back", every: .milliseconds(200)) {
            try stage.events(server, "rollout.returned") == 1
        }
        customers.send(SIGTERM)
        try customers.outcome(within: .seconds(60))
        try killed()
        #expect(try stage.live(server) == 1)
        #expect(try stage.status(server).health.contains { $0.hold != nil })
        let text = ["MODEL": "ticket-bot", "TEXT": "understood"]
        let lifted = try run("held", text, stage, server)
        #expect(lifted.exit == 0, "\(lifted.err)")
        #expect(try stage.status(server).health.allSatisfy { $0.hold == nil })
        let open = try stage.serin(server, "incident", "list", "-o", "json").json(ListAnswer<IncidentRow>.self)
        let incident = try #require(open.items.first { $0.closedAt == nil })
        let closed = try run("incident open", ["ID": "\(incident.id)", "TEXT": "over"], stage, server)
        #expect(closed.exit == 0, "\(closed.err)")
        try killed()
        let left = try stage.serin(server, "incident", "list", "-o", "json").json(ListAnswer<IncidentRow>.self)
        #expect(left.items.allSatisfy { $0.id != incident.id || $0.closedAt != nil })

        // overridden ends with another move.
        let forced = try stage.serin(
            server,
            "promote",
            "ticket-bot@2",
            "--to",
            "production",
            "--override",
            "--reason",
            "now"
        )
        #expect(forced.exit == 0, "\(forced.err)")
        // Nobody asks it, so that it never settles: who looks may say for how long.
        let newest = try stage.serin(server, "rollout", "list", "--limit", "1", "-o", "name").out
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let looked = try stage.serin(server, "rollout", "show", newest, "--watch", "--timeout", "300ms")
        #expect(looked.exit == 7 && looked.err.contains("next:  serin rollout show \(newest)"), "\(looked.err)")
        let undone = try run("overridden", ["MODEL": "ticket-bot"], stage, server)
        #expect(undone.exit == 0, "\(undone.err)")
        #expect(try stage.live(server) == 1)

        // What the others name answers, whether or not there is anything to say.
        for state in ["burning, failing", "missing traffic", "no traffic"] {
            #expect(try run(state, [:], stage, server).exit == 0)
        }
        #expect(try server.stop() == .exit(0))
        try stage.expectSound()
    }

    /// not loaded: the last settled release answers, until the same files are published again.
    @Test func aReleaseThatIsNotLoadedIsSaidUntilItIs() throws {
        let stage = try ProbationStage()
        var server = try stage.server()
        try stage.promote(server, 3)
        let live = try #require(try stage.live(server))
        try server.crash()
        let files = stage.installation.folder.appending(path: "files/v3")
        let bytes = try Data(contentsOf: files.appending(path: "model.gguf"))
        let blobs = stage.data.appending(path: "blobs/sha256")
        let stored = FileManager.default.enumerator(at: blobs, includingPropertiesForKeys: nil)?.compactMap {
            $0 as? URL
        }
        let weights = try #require(
            stored?.first {
                FileManager.default.contents(atPath: $0.path) == bytes
            }
        )
        try FileManager.default.removeItem(at: weights)
        for _ in 1...2 {
            server = try stage.server()
            let said = try run("not loaded", [:], stage, server)
            #expect(said.exit == 0 && said.out.contains("r\(live) cannot be loaded"), "\(said.out)")
            let unloaded = try #require(try stage.status(server).health.compactMap(\.unloaded).first)
            #expect(unloaded.release == live && unloaded.answering == 1)
            try server.crash()
        }
        server = try stage.server()
        let published = try stage.serin(server, "publish", files.path, "--model", "ticket-bot")
        #expect(published.exit == 0, "\(published.err)")
        try server.crash()
        server = try stage.server()
        #expect(try stage.status(server).health.allSatisfy { $0.unloaded == nil })
        #expect(try stage.live(server) == live)
        #expect(try server.stop() == .exit(0))
        try stage.expectSound()
    }
}
