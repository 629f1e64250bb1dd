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
}
