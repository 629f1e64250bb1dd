import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat

/// `kill -9` at each step of publish, promote and canary: nothing acknowledged is lost, nothing is half done.
@Suite(.serialized, .needsDemo)
struct CrashTests {
    /// A place where the server kills itself, the command that leads there, and what must hold after the restart.
    struct Case: Sendable, CustomTestStringConvertible {
        let failpoint: String
        let command: [String]
        /// Versions of the model that must exist afterwards.
        let versions: ClosedRange<Int>
        /// The release that must be live afterwards.
        let live: ClosedRange<Int>

        var testDescription: String { failpoint }
    }

    static let cases = [
        Case(
            failpoint: "upload.partWritten",
            command: ["publish", "v3", "--model", "ticket-bot"],
            versions: 1...1,
            live: 1...1
        ),
        Case(
            failpoint: "upload.synced",
            command: ["publish", "v3", "--model", "ticket-bot"],
            versions: 1...1,
            live: 1...1
        ),
        Case(
            failpoint: "upload.renamed",
            command: ["publish", "v3", "--model", "ticket-bot"],
            versions: 1...1,
            live: 1...1
        ),
        Case(
            failpoint: "publish.inspected",
            command: ["publish", "v3", "--model", "ticket-bot"],
            versions: 1...1,
            live: 1...1
        ),
        Case(
            failpoint: "publish.committed",
            command: ["publish", "v3", "--model", "ticket-bot"],
            versions: 2...2,
            live: 1...1
        ),
        Case(
            failpoint: "promote.loaded",
            command: ["promote", "ticket-bot@1", "--to", "staging"],
            versions: 1...1,
            live: 1...1
        ),
        Case(
            failpoint: "catalog.appended",
            command: ["promote", "ticket-bot@1", "--to", "staging"],
            versions: 1...1,
            live: 1...1
        ),
        Case(
            failpoint: "promote.moved",
            command: ["promote", "ticket-bot@1", "--to", "staging"],
            versions: 1...1,
            live: 1...1
        ),
    ]

    @Test(arguments: cases) func nothingIsLost(_ test: Case) throws {
        let installation = try Installation()
        let files = installation.folder.appending(path: "files")
        #expect(try installation.run("demo", "create", files.path).exit == 0)
        let first = try RunningServer(installation)
        #expect(try installation.run("whoami", environment: ["SERIN_SERVER": first.address]).exit == 0)
        let token = try installation.token(first.address)
        try first.stop()

        let armed = try RunningServer(installation, environment: ["SERIN_FAILPOINT": test.failpoint])
        let arguments = test.command.map { $0 == "v3" ? files.appending(path: "v3").path : $0 }
        let environment = ["SERIN_SERVER": armed.address, "SERIN_TOKEN": token]
        let outcome = try installation.run(arguments, environment: environment)
        #expect(outcome.exit == 6 || outcome.exit == 1, "the command must not claim success: \(outcome.out)")
        #expect(try armed.waitForEnd() == .signal(SIGKILL), "the failpoint \(test.failpoint) was not reached")
        #expect(try installation.run("server", "check", "--data", installation.data.path).exit == 0)

        let server = try RunningServer(installation)
        let after = ["SERIN_SERVER": server.address, "SERIN_TOKEN": token]
        let model = try installation.run("model", "show", "ticket-bot", "-o", "json", environment: after).json(
            ModelView.self
        )
        #expect(test.versions.contains(model.versions.count))
        let production = model.channels.first { $0.record.channel.text == "production" }
        #expect(test.live.contains(production?.record.release ?? 0))

        // The same command again succeeds, once.
        let retry = try installation.run(arguments, environment: after)
        #expect(retry.exit == 0, "\(retry.err)")
        #expect(try installation.run("audit", "verify", environment: after).exit == 0)
        try server.stop()
        #expect(try installation.run("server", "rebuild", "--data", installation.data.path).exit == 0)
    }

    @Test func aCanaryGoesOnWhereItStopped() throws {
        let installation = try Installation()
        let files = installation.folder.appending(path: "files")
        #expect(try installation.run("demo", "create", files.path).exit == 0)
        let first = try RunningServer(installation)
        let token = try installation.token(first.address)
        let environment = ["SERIN_TOKEN": token]
        func serin(_ server: RunningServer, _ arguments: String...) throws -> Installation.Outcome {
            try installation.run(arguments, environment: environment.merging(["SERIN_SERVER": server.address]) { $1 })
        }
        #expect(try serin(first, "publish", files.appending(path: "v2").path, "--model", "ticket-bot").exit == 0)
        let whole = try serin(first, "canary", "run", "ticket-bot@2", "--requests", "120", "--seed", "9", "-o", "json")
        let expected = try #require(try whole.json(CanaryView.self).report)
        try first.stop()

        let armed = try RunningServer(installation, environment: ["SERIN_FAILPOINT": "canary.sampled:40"])
        _ = try serin(armed, "canary", "run", "ticket-bot@2", "--requests", "120", "--seed", "9")
        #expect(try armed.waitForEnd() == .signal(SIGKILL))
        let stored = try RunningServer(installation, environment: ["SERIN_FAILPOINT": "canary.stored"])
        #expect(try stored.waitForEnd() == .signal(SIGKILL), "the verdict must have been near")

        let server = try RunningServer(installation)
        let resumed = try serin(server, "canary", "watch", "c-2", "-o", "json")
        let report = try #require(try resumed.json(CanaryView.self).report)
        #expect(report.run.resumed >= 1)
        #expect(report.judgment.checks.filter { !$0.timed } == expected.judgment.checks.filter { !$0.timed })
        #expect(report.worstPairs == expected.worstPairs)
        try server.stop()
        #expect(try installation.run("server", "check", "--data", installation.data.path).exit == 0)
    }

    /// A job that ends each process that runs it does not keep the server from starting for ever.
    @Test func aJobThatEndsTheProcessIsGivenUp() throws {
        let installation = try Installation()
        let files = installation.folder.appending(path: "files")
        #expect(try installation.run("demo", "create", files.path).exit == 0)
        let suite = try installation.write(
            "suite.jsonl",
            #"{"id":"one","variables":{"ticket":"Where is my parcel?"},"expected":"nowhere"}"# + "\n"
        )
        let armed = ["SERIN_FAILPOINT": "evaluation.stored"]
        let first = try RunningServer(installation, environment: armed)
        let token = try installation.token(first.address)
        func serin(_ server: RunningServer, _ arguments: String...) throws -> Installation.Outcome {
            try installation.run(arguments, environment: ["SERIN_TOKEN": token, "SERIN_SERVER": server.address])
        }
        let imported = try serin(first, "traffic", "import", suite, "--name", "tiny")
        #expect(imported.exit == 0, "\(imported.err)")
        let started = try serin(first, "eval", "run", "ticket-bot@1", "--suite", "tiny", "--no-wait", "-o", "json")
        let job = try started.json(EvaluationView.self).job
        #expect(try first.waitForEnd() == .signal(SIGKILL))
        for _ in 0..<2 {
            do {
                #expect(try RunningServer(installation, environment: armed).waitForEnd() == .signal(SIGKILL))
            } catch let failure as RunningServer.StartFailure {
                #expect(failure.status == SIGKILL)
            }
        }
        let last = try RunningServer(installation, environment: armed)
        let ended = try serin(last, "eval", "show", job)
        #expect(ended.out.contains("✖ stopped") && ended.out.contains("ended 3 times"), "\(ended.out)\(ended.err)")
        #expect(ended.exit == 1 && !ended.err.contains("error:"), "\(ended.err)")
        #expect(try serin(last, "eval", "run", "ticket-bot@1", "--suite", "tiny", "--no-wait").exit == 0)
        #expect(try last.waitForEnd() == .signal(SIGKILL), "another job is tried")
    }

    /// One kill while the live release loads proves nothing; three in a row quarantine it, everybody says so, and the verb
    /// that is printed ends it.
    @Test func weightsThatEndProcessesAreTriedAgainThenQuarantinedThenLifted() throws {
        let installation = try Installation()
        let files = installation.folder.appending(path: "files")
        #expect(try installation.run("demo", "create", files.path).exit == 0)
        func killWhileLoading() throws {
            // The live release is loaded at start; the server may die before or after it says where it listens.
            do {
                let armed = try RunningServer(installation, environment: ["SERIN_FAILPOINT": "load.started"])
                #expect(try armed.waitForEnd() == .signal(SIGKILL))
            } catch let failure as RunningServer.StartFailure {
                #expect(failure.status == SIGKILL)
            }
        }
        func ready(_ server: RunningServer) throws -> String {
            let client = try #require(RawClient(server.address))
            client.send("GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return client.rest()
        }
        try killWhileLoading()
        let server = try RunningServer(installation)
        #expect(server.output.contains("tried again, alone"), "\(server.output)")
        try server.waitUntilReady()
        let token = try installation.token(server.address)
        func serin(_ server: RunningServer, _ arguments: [String]) throws -> Installation.Outcome {
            try installation.run(arguments, environment: ["SERIN_SERVER": server.address, "SERIN_TOKEN": token])
        }
        #expect(try serin(server, ["chat", "ticket-bot", "hello"]).exit == 0)
        #expect(try serin(server, ["status", "-o", "json"]).json(StatusView.self).quarantined.isEmpty)
        #expect(try server.stop() == .exit(0))

        // Once more, but nothing answered in between: three in a row. An answer before would keep the only release that gives one.
        let channels = installation.data.appending(path: "channels.json")
        try? FileManager.default.removeItem(at: channels)
        for _ in 0..<3 { try killWhileLoading() }
        let last = try RunningServer(installation)
        let command = ["quarantine", "lift", "ticket-bot@1", "--reason", "TEXT"]
        let printed = "serin " + command.joined(separator: " ")
        #expect(last.output.contains("quarantined") && last.output.contains(printed), "\(last.output)")
        try eventually("the start is over") { try ready(last).contains("not ready") }
        #expect(try ready(last).hasPrefix("HTTP/1.1 503"))
        #expect(try ready(last).contains("ticket-bot@production: r1 cannot be loaded: nothing answers"))
        let status = try serin(last, ["status", "-o", "json"]).json(StatusView.self)
        #expect(status.quarantined.map(\.id.description) == ["ticket-bot@1"])
        #expect(status.health.first?.unloaded?.next == printed)
        for words in [["status"], ["version", "show", "ticket-bot@1"], ["quarantine", "list"]] {
            #expect(try serin(last, words).out.contains(printed), "\(words)")
        }
        #expect(try serin(last, ["chat", "ticket-bot", "hello"]).exit == 65)
        // The same bytes are the same version: published again, it says so, and is not in the way.
        let again = try serin(last, ["publish", files.appending(path: "v1").path, "--model", "ticket-bot"])
        #expect(again.exit == 0, "\(again.out)\(again.err)")
        let lifted = try serin(last, command)
        #expect(lifted.exit == 0, "\(lifted.err)")
        try last.waitUntilReady()
        #expect(try serin(last, ["chat", "ticket-bot", "hello"]).exit == 0)
        #expect(try last.stop() == .exit(0))
        for verb in ["check", "rebuild"] {
            let done = try installation.run("server", verb, "--data", installation.data.path)
            #expect(done.exit == 0, "\(done.out)\(done.err)")
        }
    }
}
