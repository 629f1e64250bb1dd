import Digests
import Foundation
import RegistryTypes
import Synchronization
import TestSupport
import Testing
import WireFormat

@testable import Commands

struct PublishedFilesTests {
    private func found(_ folder: ScratchFolder, _ paths: [String], card: String? = nil) throws -> [String] {
        try PublishedFiles(paths: paths, card: card).files.map { file in
            "\(file.name) \(file.role.rawValue) \(file.source.replacingOccurrences(of: folder.path, with: "."))"
        }
    }

    @Test func aFolderIsTakenWithAllThatIsInIt() throws {
        let folder = try ScratchFolder()
        for name in [
            "m/model.gguf", "m/card.md", "m/README.md", "m/.git/config", "m/.hidden", "m/data/a.json", "m/data/b.GGUF",
        ] {
            try folder.write(name, "x")
        }
        #expect(
            try found(folder, ["\(folder.path)/m"]) == [
                "README.md opaque ./m/README.md", "card.md card ./m/card.md", "data/a.json opaque ./m/data/a.json",
                "data/b.GGUF weights ./m/data/b.GGUF", "model.gguf weights ./m/model.gguf",
            ]
        )
    }

    @Test func theReadmeIsTheCardWhereThereIsNoOther() throws {
        let folder = try ScratchFolder()
        let model = try folder.write("a/model.gguf", "x"), readme = try folder.write("b/README.md", "x")
        #expect(
            try found(folder, [model, readme]) == ["README.md card ./b/README.md", "model.gguf weights ./a/model.gguf"]
        )
        let card = try folder.write("c/other.md", "x")
        #expect(
            try found(folder, [model, readme], card: card) == [
                "README.md opaque ./b/README.md", "card.md card ./c/other.md", "model.gguf weights ./a/model.gguf",
            ]
        )
    }

    @Test func whatMustNotBePublishedIsRefused() throws {
        let folder = try ScratchFolder()
        let file = try folder.write("model.gguf", "x")
        try folder.write("empty/.hidden", "x")
        try folder.write("names/bad name.txt", "x")
        try folder.write("twice/model.gguf", "x")
        let link = "\(folder.path)/link.gguf"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
        try folder.write("linked/a.txt", "x")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/linked/b.txt",
            withDestinationPath: "/etc/passwd"
        )
        for (paths, problem) in [
            ([link], "is a symbolic link"), (["\(folder.path)/linked"], "is a symbolic link"),
            (["\(folder.path)/missing"], "no such file"), (["/dev/null"], "neither a file nor a folder"),
            (["\(folder.path)/empty"], "nothingToPublish"),
            (["\(folder.path)/names"], "a name that no version may hold"),
            ([file, "\(folder.path)/twice"], "would have the same name"),
        ] {
            let error = #expect(throws: CommandsError.self) { try PublishedFiles(paths: paths, card: nil) }
            #expect("\(try #require(error))".contains(problem), "\(paths)")
        }
    }

    @Test func oneFileOfASplitModelStandsForAll() throws {
        let folder = try ScratchFolder()
        for number in 1...3 { try folder.write("m/x-0000\(number)-of-00003.gguf", "x") }
        try folder.write("m/other.gguf", "x")
        let names = ["x-00001-of-00003.gguf", "x-00002-of-00003.gguf", "x-00003-of-00003.gguf"]
        for number in 1...3 {
            let files = try PublishedFiles(paths: ["\(folder.path)/m/x-0000\(number)-of-00003.gguf"], card: nil).files
            #expect(files.map(\.name) == names)
        }
        let both = names.map { "\(folder.path)/m/\($0)" }
        #expect(try PublishedFiles(paths: both, card: nil).files.map(\.name) == names)
        // However it is spelled, a file is one file; so is one that a folder holds too.
        let spelled = ["\(folder.path)/m/\(names[0])", "\(folder.path)/./m/\(names[1])", both[2], both[2]]
        #expect(try PublishedFiles(paths: spelled, card: nil).files.map(\.name) == names)
        let twice = try PublishedFiles(paths: ["\(folder.path)/m", both[0]], card: nil)
        #expect(twice.files.map(\.name) == ["other.gguf"] + names)
        try FileManager.default.removeItem(atPath: "\(folder.path)/m/x-00002-of-00003.gguf")
        let error = #expect(throws: CommandsError.self) {
            try PublishedFiles(paths: ["\(folder.path)/m/x-00003-of-00003.gguf"], card: nil)
        }
        #expect("\(try #require(error))".contains("is file 3 of a model in 3 files; not beside it: 2"))
    }

    @Test func linksOfACacheAreFollowedInsideItOnly() throws {
        let folder = try ScratchFolder()
        let cache = "hub/models--Org--Name"
        try folder.write("\(cache)/blobs/abc", "weights")
        try folder.write("\(cache)/blobs/deep/def", "x")
        try folder.write("hub/models--Other--Name/blobs/xyz", "x")
        try folder.write("secret", "x")
        try folder.write("\(cache)/snapshots/r1/README.md", "# Card")
        func link(_ name: String, _ target: String) throws {
            let path = "\(folder.path)/\(name)"
            let parent = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
        }
        try link("\(cache)/snapshots/r1/model.gguf", "../../blobs/abc")
        try link("\(cache)/snapshots/r1/onnx/model.onnx", "../../../blobs/abc")
        #expect(
            try found(folder, ["\(folder.path)/\(cache)/snapshots/r1"]) == [
                "README.md card ./\(cache)/snapshots/r1/README.md",
                "model.gguf weights ./\(cache)/blobs/abc",
                "onnx/model.onnx opaque ./\(cache)/blobs/abc",
            ]
        )
        #expect(
            try found(folder, ["\(folder.path)/\(cache)/snapshots/r1/model.gguf"])
                == ["model.gguf weights ./\(cache)/blobs/abc"]
        )
        for (place, target) in [
            ("\(cache)/snapshots/r2/out.gguf", "../../../../secret"),
            ("\(cache)/snapshots/r3/other.gguf", "../../../models--Other--Name/blobs/xyz"),
            ("\(cache)/snapshots/r4/passwd.txt", "/etc/passwd"),
            ("\(cache)/snapshots/r5/folder.gguf", "../../blobs"),
            ("\(cache)/snapshots/r6/deep.gguf", "../../blobs/deep/def"),
            ("\(cache)/snapshots/r7/gone.gguf", "../../blobs/none"),
            ("\(cache)/refs/model.gguf", "../blobs/abc"),
            ("elsewhere/snapshots/r1/model.gguf", "../../../\(cache)/blobs/abc"),
        ] {
            try link(place, target)
            #expect(throws: CommandsError.self, "\(place)") { try found(folder, ["\(folder.path)/\(place)"]) }
        }
        // A blob that is itself a link to somewhere else.
        try link("\(cache)/blobs/evil", "/etc/passwd")
        try link("\(cache)/snapshots/r8/model.gguf", "../../blobs/evil")
        #expect(throws: CommandsError.self) { try found(folder, ["\(folder.path)/\(cache)/snapshots/r8"]) }
    }

    /// Everything that is wrong in all files, at once and before anything is sent.
    @Test func headersAreReadBeforeAnythingIsSent() throws {
        let folder = try ScratchFolder()
        func headers() throws -> PublishedHeaders {
            try PublishedHeaders(PublishedFiles(paths: ["\(folder.path)/m"], card: nil))
        }
        try folder.write("m/notes.bin", "x")
        #expect(try headers().reasons == ["it holds no weights in GGUF, the format that the engine loads"])
        try folder.write("m/future.gguf", "GGUF\u{9}\0\0\0")
        #expect(try headers().reasons == ["GGUF version 9 is not supported; supported: 2, 3"])
        try folder.write("m/other.gguf", "GGUF\u{8}\0\0\0")
        let two = #expect(throws: CommandsError.self) { try headers() }
        #expect("\(try #require(two))".contains("are 2 models"))
        try folder.write("m/README.md", "---\nlicense: [mit\n---\n")
        #expect(throws: CommandsError.self) { try headers() }
        try folder.write("m/other.gguf", "none")
        try folder.write("m/model.safetensors", "short")
        let all = "\(try #require(#expect(throws: CommandsError.self) { try headers() }))"
        for words in ["other.gguf", "is no GGUF file", "model.safetensors", "ends early", "README.md", "not YAML"] {
            #expect(all.contains(words), "\(words)")
        }
    }

    /// Of several files of a model the one that is wrong is named, not the first.
    @Test func theFileOfASplitModelThatIsWrongIsNamed() throws {
        let folder = try ScratchFolder()
        func entry(_ key: String, _ value: UInt16) -> Data {
            Data([UInt8(key.utf8.count), 0, 0, 0, 0, 0, 0, 0]) + Data(key.utf8) + Data([2, 0, 0, 0, UInt8(value), 0])
        }
        func shard(_ number: Int, _ index: UInt16) throws {
            let start = Data("GGUF".utf8) + Data([3, 0, 0, 0]) + Data(count: 8) + Data([2, 0, 0, 0, 0, 0, 0, 0])
            let bytes = start + entry("split.no", index) + entry("split.count", 3)
            let path = "\(folder.path)/m/x-0000\(number)-of-00003.gguf"
            try (bytes + Data(count: 64)).write(to: URL(filePath: path))
        }
        try folder.write("m/card.md", "# T\n")
        for number in 1...3 { try shard(number, UInt16(number - 1)) }
        func problem() throws -> String {
            let error = #expect(throws: CommandsError.self) {
                try PublishedHeaders(PublishedFiles(paths: ["\(folder.path)/m"], card: nil))
            }
            return "\(try #require(error))"
        }
        try folder.write("m/x-00002-of-00003.gguf", "")
        let empty = try problem()
        #expect(empty.contains("x-00002-of-00003.gguf") && !empty.contains("x-00001-of-00003.gguf"), "\(empty)")
        try shard(2, 2)
        #expect(try problem().contains("file 2 of 3 says that it is file 3 of 3"))
        try FileManager.default.removeItem(atPath: "\(folder.path)/m/x-00002-of-00003.gguf")
        #expect(try problem().contains("a folder that holds all of its files"))
    }

    @Test func filesAreHashedOnceInConstantMemory() throws {
        let folder = try ScratchFolder()
        let path = try folder.write("a", String(repeating: "serin", count: 500_000))
        var steps: [Int64] = []
        let hashed = try FileHashing.digest(of: path) { steps.append($0) }
        #expect(hashed.sizeBytes == 2_500_000)
        #expect(steps == [1 << 20, 2 << 20, 2_500_000])
        #expect(hashed.start == Array("seri".utf8))
        let empty = try FileHashing.digest(of: folder.write("b", "")) { _ in }
        #expect("\(empty.digest)" == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(empty.sizeBytes == 0 && empty.start.isEmpty)
    }

    @Test(
        arguments: [
            (0, [1 << 20, 2 << 20, 2_500_000]), (1, [(1 << 20) + 1, (2 << 20) + 1, 2_500_000]),
            (2_499_999, [2_500_000]),
            (2_500_000, []),
        ] as [(Int64, [Int64])]
    )
    func uploadsStartAnywhere(offset: Int64, steps: [Int64]) async throws {
        let folder = try ScratchFolder()
        let path = try folder.write("a", String(repeating: "serin", count: 500_000))
        let seen = Mutex<[Int64]>([])
        let chunks = try FileChunks(path: path, from: offset, to: 2_500_000) { done in seen.withLock { $0.append(done) }
        }
        var count = 0
        for try await _ in chunks { count += 1 }
        #expect(count == steps.count)
        #expect(seen.withLock { $0 } == steps)
        #expect(throws: CommandsError.file(path: path, problem: "changed while it was published")) {
            try FileChunks(path: path, from: 0, to: 5, progress: { _ in })
        }
    }

    /// The smallest files travel in the request, as many as it takes; one that changed since it was hashed does not.
    @Test func smallFilesTravelInTheRequest() throws {
        let folder = try ScratchFolder()
        let texts = ["card": "# T\n", "empty": "", "half": String(repeating: "h", count: SmallFile.limitBytes / 2)]
        func upload(_ name: String, _ text: String) throws -> BlobUpload {
            let bytes = Data(text.utf8)
            return BlobUpload(
                path: try folder.write(name, text),
                digest: Digest(of: bytes),
                sizeBytes: Int64(bytes.count)
            )
        }
        let files = try texts.map { try upload($0, $1) }
        let other = try upload("other", String(repeating: "o", count: SmallFile.limitBytes / 2))
        let small = try SmallFiles(files + [other])
        #expect(small.digests == Set(files.map(\.digest)))
        #expect(
            small.contents.compactMap(\.bytes).map(Digest.init(of:))
                == files.sorted { $0.sizeBytes < $1.sizeBytes }.map(\.digest)
        )
        for text in ["", "# U\n", "# T\n longer"] {
            let card = try upload("card", "# T\n")
            try folder.write("card", text)
            #expect(throws: CommandsError.self, "\(text)") { try SmallFiles([card]) }
        }
    }

    /// Hidden files of a folder are not published, whatever stands behind their dot, and each is named.
    @Test func hiddenFilesAreNamedAndLeftOut() throws {
        let folder = try ScratchFolder()
        for name in ["notes.bin", ".gitattributes", ".\u{301}weights.bin", ".git/config", "sub/.env", "sub/more.bin"] {
            try folder.write(name, Data(name.utf8))
        }
        let files = try PublishedFiles(paths: [folder.path], card: nil)
        #expect(files.files.map(\.name) == ["notes.bin", "sub/more.bin"])
        #expect(files.leftOut.sorted() == [".git/", ".gitattributes", ".\u{301}weights.bin", "sub/.env"].sorted())
        #expect(files.leftOutWords?.hasPrefix("4 files left out: ") == true)
    }

    /// Hidden files are no documents, whatever stands behind their dot; what is left out is named.
    @Test func aFolderOfDocuments() throws {
        let folder = try ScratchFolder()
        for name in ["a.yaml", "B.YML", ".hidden.yaml", ".\u{301}x.yaml", "c.json"] {
            try Data("x".utf8).write(to: folder.url.appending(path: name))
        }
        let found = try DocumentFiles.expanded(folder.url.path)
        #expect(found.names.map { URL(filePath: $0).lastPathComponent } == ["B.YML", "a.yaml"])
        #expect(found.leftOut.count == 3 && found.leftOut.contains("c.json"))
    }
}
