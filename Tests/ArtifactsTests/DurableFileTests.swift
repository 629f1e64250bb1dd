import DurableFiles
import Foundation
import TestSupport
import Testing

/// A file is there whole: the old one or the new one.
@Suite struct DurableFileTests {
    static let old = Data("old".utf8), new = Data(repeating: 0x6e, count: 100_000)

    @Test func aFileIsMadeReplacedAndReadableByItsOwnerAlone() throws {
        let scratch = try ScratchFolder()
        let path = scratch.path + "/file"
        try DurableFile.replace(path, with: Self.old)
        #expect(try Data(contentsOf: URL(filePath: path)) == Self.old)
        try DurableFile.replace(path, with: Self.new, isSynced: false)
        #expect(try Data(contentsOf: URL(filePath: path)) == Self.new)
        var facts = stat()
        #expect(stat(path, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["file"])
    }

    @Test(arguments: [("written", false), ("synced", false), ("renamed", true)])
    func aProcessThatIsKilledLeavesTheOldFileOrTheNewOne(_ step: String, _ isNew: Bool) async throws {
        let scratch = try ScratchFolder()
        let path = scratch.path + "/file"
        try DurableFile.replace(path, with: Self.old)
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, step = step as String] in
            try DurableFile.replace(path, with: DurableFileTests.new) { if $0 == step { kill(getpid(), SIGKILL) } }
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == (isNew ? Self.new : Self.old))
        try DurableFile.replace(path, with: Self.new)
        #expect(try Data(contentsOf: URL(filePath: path)) == Self.new)
    }

    @Test(.enabled(if: SmallDisk.isPossible))
    func aFullDiskLeavesTheOldFileAndNothingBesideIt() throws {
        let disk = try SmallDisk(megabytes: 1)
        let path = disk.path + "/file"
        try DurableFile.replace(path, with: Self.old)
        try disk.fill(leaving: 20_000)
        #expect { try DurableFile.replace(path, with: Self.new) } throws: { ($0 as? FileError)?.isFull == true }
        #expect(try Data(contentsOf: URL(filePath: path)) == Self.old)
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path).sorted() == ["ballast", "file"])
        try disk.free()
        try DurableFile.replace(path, with: Self.new)
    }

    @Test func whatTheSystemRefusesIsSaid() throws {
        let scratch = try ScratchFolder()
        let error = #expect(throws: FileError.self) {
            try DurableFile.replace(scratch.path + "/none/file", with: Self.old)
        }
        #expect(error?.description == "cannot write \(scratch.path)/none/file: No such file or directory")
        let full = FileError("write", "/f", code: ENOSPC)
        #expect(full.description == "cannot write /f: the disk is full: free some space")
        // A folder is never replaced.
        try FileManager.default.createDirectory(atPath: scratch.path + "/folder", withIntermediateDirectories: false)
        #expect(throws: FileError.self) { try DurableFile.replace(scratch.path + "/folder", with: Self.old) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["folder"])
    }

    @Test func aLinkIsReplacedAndNotFollowed() throws {
        let scratch = try ScratchFolder()
        let outside = scratch.path + "/outside", path = scratch.path + "/file"
        try Self.old.write(to: URL(filePath: outside))
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: outside)
        try DurableFile.replace(path, with: Self.new)
        #expect(try Data(contentsOf: URL(filePath: outside)) == Self.old)
        #expect(try Data(contentsOf: URL(filePath: path)) == Self.new)
    }

    @Test func aFileIsMovedOverAnotherOne() throws {
        let scratch = try ScratchFolder()
        try FileManager.default.createDirectory(atPath: scratch.path + "/to", withIntermediateDirectories: false)
        try DurableFile.replace(scratch.path + "/a", with: Self.new)
        try DurableFile.replace(scratch.path + "/to/b", with: Self.old)
        try DurableFile.move(scratch.path + "/a", to: scratch.path + "/to/b")
        #expect(try Data(contentsOf: URL(filePath: scratch.path + "/to/b")) == Self.new)
        #expect(throws: FileError.self) { try DurableFile.move(scratch.path + "/a", to: scratch.path + "/to/b") }
    }
}
