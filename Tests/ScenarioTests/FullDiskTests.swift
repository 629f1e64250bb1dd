import Foundation
import RegistryTypes
import TestSupport
import Testing
import WireFormat

/// A disk that is full while applications are answered: they go on being answered, and a channel can be taken back.
@Suite(
    .serialized,
    .needsDemo,
    .needsSmallDisk
)
struct FullDiskTests {
    @Test func servingAndRollingBackGoOn() throws {
        let disk = try SmallDisk(megabytes: 96)
        let data = disk.url.appending(path: "data")
        let reserve = data.appending(path: "reserve").path
        let stage = try ProbationStage(data: data)
        let server = try stage.server()
        try stage.promote(server, 2)
        try eventually("the reserve is made") { FileManager.default.fileExists(atPath: reserve) }

        disk.fill()
        // Applications are answered; what cannot be kept is dropped, counted and shown.
        try eventually("captured requests are dropped") {
            disk.fill()
            for _ in 0..<20 {
                let answer = try #require(RawClient.chat(server.address, key: stage.key, body: ProbationStage.question))
                try #require(answer.hasPrefix("HTTP/1.1 200"), "\(answer.prefix(300))")
            }
            return try stage.capture(server).dropped.values.reduce(0, +) > 0
        }
        disk.fill()
        // An ordinary promotion does not get the reserve.
        let refused = try stage.serin(server, "promote", "ticket-bot@3", "--to", "production", "--reason", "test")
        #expect(refused.exit != 0, "\(refused.out)")
        #expect(try stage.live(server) == 2)
        #expect(FileManager.default.fileExists(atPath: reserve))
        // A rollback does, and works.
        let back = try stage.serin(server, "rollback", "ticket-bot", "--reason", "the disk is full")
        #expect(back.exit == 0, "\(back.out)\(back.err)")
        #expect(try stage.live(server) == 1)
        #expect(!FileManager.default.fileExists(atPath: reserve))
        #expect(server.output.contains("the reserve was given up"), "\(server.output.suffix(800))")
        let answer = try #require(RawClient.chat(server.address, key: stage.key, body: ProbationStage.question))
        #expect(answer.hasPrefix("HTTP/1.1 200") && answer.contains("ticket-bot@r1"))

        // With room again, requests are kept and the reserve is made.
        try disk.free()
        let stored = try stage.capture(server).stored
        try eventually("requests are kept again") {
            _ = RawClient.chat(server.address, key: stage.key, body: ProbationStage.question)
            return try stage.capture(server).stored > stored
        }
        #expect(try server.stop() == .exit(0))
        try stage.expectSound()
        let next = try stage.server()
        try eventually("the reserve is made again") { FileManager.default.fileExists(atPath: reserve) }
        #expect(try stage.rollout(next).row.state == "rolledBack")
        #expect(try stage.serin(next, "audit", "verify").exit == 0)
        #expect(try next.stop() == .exit(0))
    }
}
