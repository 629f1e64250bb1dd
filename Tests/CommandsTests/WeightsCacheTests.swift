import Digests
import Foundation
import RegistryTypes
import TestSupport
import Testing

@testable import Commands

/// Weights of a server that are kept on this machine: fetched once, checked each time, within a limit.
struct WeightsCacheTests {
    private func weights(_ texts: [String: String]) throws -> WeightFiles {
        let files = try texts.map { name, text in
            try ArtifactFile(
                path: name,
                digest: Digest(of: Data(text.utf8)),
                sizeBytes: Int64(text.utf8.count),
                role: .weights
            )
        }
        return try #require(try Manifest(files: files).weights)
    }

    @Test func whatIsHereIsCheckedAndNotFetchedAgain() async throws {
        let folder = try ScratchFolder()
        let cache = WeightsCache(folder: "\(folder.path)/weights")
        let texts = ["m-00001-of-00002.gguf": "one", "m-00002-of-00002.gguf": "two"]
        let model = try weights(texts)
        func get() async throws -> (path: String, fetched: [String]) {
            var fetched: [String] = []
            let path = try await cache.path(of: model) { file, path in
                fetched.append(file.path)
                try Data((texts[file.path] ?? "").utf8).write(to: URL(filePath: path))
            }
            return (path, fetched)
        }
        let first = try await get()
        #expect(first.fetched == texts.keys.sorted())
        #expect(first.path.hasSuffix("/m-00001-of-00002.gguf"))
        #expect(try await get().fetched.isEmpty)
        // Other bytes under the name: fetched again, not believed.
        try Data("other".utf8).write(to: URL(filePath: first.path))
        #expect(try await get().fetched == ["m-00001-of-00002.gguf"])
        #expect(try String(contentsOfFile: first.path, encoding: .utf8) == "one")
    }

    @Test func whatWasUsedLongestAgoMakesRoom() async throws {
        let folder = try ScratchFolder()
        let cache = WeightsCache(folder: "\(folder.path)/weights", limitBytes: 10)
        func get(_ text: String) async throws -> String {
            let path = try await cache.path(of: weights(["model.gguf": text])) { _, path in
                try Data(text.utf8).write(to: URL(filePath: path))
            }
            return path
        }
        func age(_ path: String, _ seconds: Double) throws {
            let parent = String(path.dropLast("/model.gguf".utf8.count))
            let date = Date(timeIntervalSince1970: seconds)
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: parent)
        }
        let first = try await get("1111"), second = try await get("2222")
        try age(first, 2000)
        try age(second, 1000)
        let third = try await get("3333")
        let isThere = { FileManager.default.fileExists(atPath: $0) }
        #expect(isThere(first) && !isThere(second) && isThere(third))
        // One that alone has more than the limit is kept while it is the one that is used.
        let large = try await get(String(repeating: "4", count: 40))
        #expect(isThere(large) && !isThere(first) && !isThere(third))
    }
}
