import Artifacts
import Digests
import Foundation
import TestSupport
import Testing

@Suite struct DataFolderTests {
    let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func itIsMadeForItsOwnerAlone() throws {
        let folder = try DataFolder(at: scratch.data)
        for name in ["", "/blobs", "/blobs/sha256", "/staging", "/trash", "/canaries", "/keys"] {
            #expect(try mode(folder.root + name) == 0o700)
        }
    }

    @Test func foldersOnTheWayToItAreMade() throws {
        let path = scratch.path + "/a/b//c/data/"
        _ = try DataFolder(at: path)
        #expect(try mode(scratch.path + "/a/b") == 0o700)
        #expect(throws: ArtifactsError.self) { _ = try DataFolder(at: "") }
        #expect(throws: ArtifactsError.self) { _ = try DataFolder(at: "/proc/nobody/data") }
    }

    @Test func aDiskThatWasJustFormattedIsEmpty() throws {
        try FileManager.default.createDirectory(atPath: scratch.path + "/lost+found", withIntermediateDirectories: true)
        _ = try DataFolder(at: scratch.path)
    }

    @Test func theBlobsKeepTheFolderLocked() throws {
        let store = BlobStore(try DataFolder(at: scratch.data))
        #expect(throws: ArtifactsError.self) { _ = try DataFolder(at: scratch.data) }
        try store.put(Data())
    }

    @Test func itHasOneOwnerAtATimeWhoIsNamed() throws {
        do {
            let first = try DataFolder(at: scratch.data)
            #expect(throws: ArtifactsError.folderInUse(path: first.root, pid: getpid())) {
                _ = try DataFolder(at: scratch.data)
            }
            _ = first.freeBytes()
        }
        _ = try DataFolder(at: scratch.data)
    }

    #if os(Linux)
        /// A program that is being started holds for a moment what its parent has open, the lock too.
        @Test func whatAnotherProcessInheritedKeepsNobodyOut() throws {
            var inherited: Int32 = -1
            do {
                let first = try DataFolder(at: scratch.data)
                let lock = URL(filePath: first.root).resolvingSymlinksInPath().path + "/" + DataFolder.lockName
                let files = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
                    Int32($0)
                }
                let file = try #require(
                    files.first {
                        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == lock
                    }
                )
                inherited = dup(file)
                withExtendedLifetime(first) {}
            }
            defer { close(inherited) }
            #expect(inherited >= 0)
            _ = try DataFolder(at: scratch.data)
        }
    #endif

    @Test func aFolderOfSomethingElseIsLeftAlone() throws {
        try Data("mine".utf8).write(to: URL(filePath: scratch.path + "/letter.txt"))
        let before = try mode(scratch.path)
        #expect(throws: ArtifactsError.self) { _ = try DataFolder(at: scratch.path) }
        #expect(try mode(scratch.path) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["letter.txt"])
    }

    @Test func aFileIsNotAFolder() throws {
        try Data("mine".utf8).write(to: URL(filePath: scratch.data))
        #expect(throws: ArtifactsError.self) { _ = try DataFolder(at: scratch.data) }
    }

    @Test(arguments: ["blobs", "blobs/sha256", "staging", "trash", "canaries", "lock", "serin.db"])
    func aLinkInsideItIsRefused(_ name: String) throws {
        let outside = scratch.path + "/outside"
        try FileManager.default.createDirectory(atPath: outside + "/sha256", withIntermediateDirectories: true)
        _ = try DataFolder(at: scratch.data)
        let path = scratch.data + "/" + name
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: outside)
        #expect(throws: ArtifactsError.symbolicLink(path: path)) { _ = try DataFolder(at: scratch.data) }
    }

    @Test func theFolderItselfMayBeALink() throws {
        let real = scratch.path + "/real"
        try FileManager.default.createDirectory(atPath: real, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: scratch.data, withDestinationPath: real)
        #expect(try DataFolder(at: scratch.data).root.hasSuffix("/real"))
    }

    @Test func linksPutIntoItLaterAreNotFollowed() throws {
        let store = BlobStore(try DataFolder(at: scratch.data))
        let data = Data("blob".utf8)
        let digest = try store.put(data).digest
        let outside = scratch.path + "/outside"
        try data.write(to: URL(filePath: outside))
        let blob = store.path(of: digest)

        // The blob is a link to a file with the right bytes.
        try FileManager.default.removeItem(atPath: blob)
        try FileManager.default.createSymbolicLink(atPath: blob, withDestinationPath: outside)
        #expect(throws: ArtifactsError.symbolicLink(path: blob)) { try store.verify(digest) }
        #expect(!store.contains(digest))

        // So is the part of an upload: what is behind it stays as it is.
        let other = Data("something else".utf8)
        let part = scratch.data + "/staging/\(Digest(of: other).hexadecimal).part"
        try FileManager.default.createSymbolicLink(atPath: part, withDestinationPath: outside)
        #expect(throws: ArtifactsError.self) { try store.upload(other) }
        #expect(try Data(contentsOf: URL(filePath: outside)) == data)

        // So is one of the folders on the way.
        let hex = digest.hexadecimal
        let inner = "\(scratch.data)/blobs/sha256/\(hex.prefix(2))"
        try FileManager.default.removeItem(atPath: inner)
        try FileManager.default.createSymbolicLink(atPath: inner, withDestinationPath: scratch.path)
        #expect(throws: ArtifactsError.self) { try store.put(data) }
    }
}
