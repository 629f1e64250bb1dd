import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat

/// Ctrl-C stops waiting, not the work; a broken upload goes on where it stopped.
@Suite(.serialized, .needsDemo)
struct InterruptTests {
    @Test func aCanaryGoesOnWithoutItsWatcher() throws {
        let installation = try Installation()
        let files = installation.folder.appending(path: "files")
        #expect(try installation.run("demo", "create", files.path).exit == 0)
        let server = try RunningServer(installation)
        let environment = ["SERIN_SERVER": server.address]
        let published = try installation.run(
            "publish",
            files.appending(path: "v3").path,
            "--model",
            "ticket-bot",
            environment: environment
        )
        #expect(published.exit == 0)

        let watcher = try installation.start(
            ["canary", "run", "ticket-bot@2", "--requests", "400", "--progress", "plain"],
            environment: environment
        )
        try eventually("the canary reports its progress, or ends") {
            !watcher.isRunning || watcher.err.contains("/400")
        }
        watcher.send(SIGINT)
        let interrupted = try watcher.outcome(within: .seconds(60))
        #expect(interrupted.exit == 130, "\(interrupted.err)")
        #expect(
            interrupted.err.contains("canary watch c-1"),
            "it must say how to look at the work: \(interrupted.err)"
        )

        let finished = try installation.run("canary", "watch", "c-1", "-o", "json", environment: environment)
        #expect(try finished.json(CanaryView.self).record.state == .judged)
        #expect(try server.stop() == .exit(0))
    }

    @Test func anUploadGoesOnWhereItStopped() throws {
        let installation = try Installation()
        let data = installation.folder.appending(path: "data")
        let file = installation.folder.appending(path: "weights.bin")
        var bytes = Data(count: 24 << 20)
        for index in stride(from: 0, to: bytes.count, by: 4096) {
            bytes[index] = UInt8(truncatingIfNeeded: index >> 12)
        }
        try bytes.write(to: file)

        // The server dies after a few parts; what they held is on disk.
        let armed = try RunningServer(
            installation,
            data: data,
            environment: ["SERIN_FAILPOINT": "upload.partWritten:40"]
        )
        let broken = try installation.run(
            "publish",
            file.path,
            "--model",
            "big",
            environment: ["SERIN_SERVER": armed.address]
        )
        #expect(broken.exit == 6 || broken.exit == 1, "\(broken.exit) \(broken.err)")
        #expect(try armed.waitForEnd() == .signal(SIGKILL))
        let token = try installation.token(armed.address)

        let server = try RunningServer(installation, data: data)
        let environment = ["SERIN_SERVER": server.address, "SERIN_TOKEN": token]
        let retried = try installation.run(
            "publish",
            file.path,
            "--model",
            "big",
            "-o",
            "json",
            environment: environment
        )
        #expect(retried.exit == 0, "\(retried.err)")
        #expect(try retried.json(PublishAnswer.self).version.id.description == "big@1")
        try server.stop()
        #expect(try installation.run("server", "check", "--data", data.path).exit == 0)
    }

    /// What others send under a digest is in nobody's way; what another command with the same key sends is waited for, and
    /// where it was something else, all of it is sent.
    @Test func uploadsOfOthersAreInNobodysWay() throws {
        struct Plan: Decodable {
            struct File: Decodable {
                let digest: String
                let sizeBytes: Int
            }
            let files: [File]
        }
        struct Key: Decodable { let token: String }
        let installation = try Installation()
        let server = try RunningServer(installation)
        let environment = ["SERIN_SERVER": server.address]
        let other = try installation.run(
            "key",
            "create",
            "mallory",
            "--role",
            "publisher",
            "-o",
            "json",
            environment: environment
        ).json(Key.self).token
        for (model, token) in [("first", other), ("second", try installation.token(server.address))] {
            let file = installation.folder.appending(path: "\(model).bin")
            try Data(repeating: UInt8(model.utf8.count), count: 1 << 20).write(to: file)
            let publish = ["publish", file.path, "--model", model, "-v"]
            let plan = try installation.run(publish + ["--dry-run", "-o", "json"], environment: environment)
            let named = try #require(try plan.json(Plan.self).files.first, "\(plan.err)")
            var stalled = RawClient(server.address)
            stalled?.send(
                "PUT /api/v1/blobs/\(named.digest)?size=\(named.sizeBytes)&offset=0 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    + "Authorization: Bearer \(token)\r\nContent-Length: \(named.sizeBytes)\r\n\r\nno"
            )
            let staging = installation.data.appending(path: "staging").path
            try eventually("the upload that stalls has begun") {
                let names = (try? FileManager.default.contentsOfDirectory(atPath: staging)) ?? []
                return names.contains { $0.hasPrefix(named.digest.dropFirst("sha256:".count)) }
            }
            let running = try installation.start(publish, environment: environment)
            if token != other {
                try eventually("the same key waits") { running.err.contains("waiting for it") || !running.isRunning }
                stalled = nil
            }
            let outcome = try running.outcome()
            #expect(outcome.exit == 0, "\(model): \(outcome.err)")
            withExtendedLifetime(stalled) {}
        }
        try server.stop()
        #expect(try installation.run("server", "check", "--data", installation.data.path).exit == 0)
    }
}
