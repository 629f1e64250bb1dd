import Digests
import Foundation
import Testing

@testable import RegistryTypes

/// Names of files and models as the world writes them.
@Suite struct WeightFilesTests {
    private func file(_ path: String, _ role: ArtifactFile.Role = .weights) throws -> ArtifactFile {
        try ArtifactFile(path: path, digest: Digest(of: Data(path.utf8)), sizeBytes: 10, role: role)
    }

    @Test(arguments: [
        ("model-00001-of-00003.gguf", "model", 1, 3), ("a/b-c-00012-of-00012.GGUF", "a/b-c", 12, 12),
        ("model-00002-of-00002.safetensors", "model", 2, 2), ("-00001-of-00001.gguf", "", 1, 1),
    ])
    func namesOfShardsAreRead(path: String, prefix: String, number: Int, count: Int) throws {
        let shard = try #require(ShardName(path))
        #expect(shard.prefix == prefix && shard.number == number && shard.count == count)
        #expect(shard.name(of: number) == path)
    }

    @Test(arguments: [
        "model.gguf", "model-00001-of-00003.bin", "model-0001-of-0003.gguf", "model-00004-of-00003.gguf",
        "model-00000-of-00003.gguf", "model-00001-of-00000.gguf", "model-0000a-of-00003.gguf", "00001-of-00003.gguf",
        "", ".gguf", "model-00001_of_00003.gguf", "model-٠٠٠٠١-of-00003.gguf",
    ])
    func otherNamesAreNone(path: String) { #expect(ShardName(path) == nil) }

    @Test func aVersionHoldsOneModel() throws {
        let shards = try (1...3).map { try file("m-0000\($0)-of-00003.gguf") }
        let weights = try #require(Manifest(files: [shards[2], shards[0], shards[1]]).weights)
        #expect(weights.files == shards && weights.sizeBytes == 30 && weights.path == "m-00001-of-00003.gguf")
        #expect(try Manifest(files: [file("x.gguf")]).weights?.digest == file("x.gguf").digest)
        for (files, words) in [
            ([shards[0], shards[2]], "m-00002-of-00003.gguf is missing"),
            ([try file("a.gguf"), try file("b.gguf")], "more than one model (a.gguf, b.gguf)"),
            (shards + [try file("b.gguf")], "more than one model"),
            (shards + [try file("n-00001-of-00003.gguf")], "more than one model"),
            ([try file("s-00002-of-00002.safetensors", .safetensors)], "s-00001-of-00002.safetensors is missing"),
        ] {
            let error = #expect(throws: RegistryTypesError.self) { try Manifest(files: files) }
            #expect("\(try #require(error))".contains(words))
        }
        // What builds before this one stored is still read.
        #expect(try Manifest(files: [shards[0]]).weights?.files.count == 1)
    }

    /// An adapter's weights are its base's with its own file over them, and its version's digest covers both.
    @Test func anAdapterNamesItsBase() throws {
        let model = try Name("ticket-bot"), adapter = try file("lora.gguf"), under = try file("model.gguf")
        let base = try AdapterBase(version: VersionID(model, 7), files: [under])
        let manifest = try Manifest(files: [adapter, file("card.md", .card)], base: base)
        let weights = try #require(manifest.weights)
        #expect(weights.files == [under] && weights.adapter?.file == adapter && weights.adapter?.base == base.version)
        #expect(weights.path == "lora.gguf" && weights.sizeBytes == 20)
        #expect(weights.base.digest == under.digest && weights.digests == [weights.digest, under.digest])
        #expect(Set([weights.digest, under.digest, adapter.digest]).count == 3)
        #expect(try JSONDecoder().decode(Manifest.self, from: JSONEncoder().encode(manifest)) == manifest)
        // Without a base nothing of it is written, so that digests stay what they were.
        #expect(try !String(decoding: JSONEncoder().encode(Manifest(files: [adapter])), as: UTF8.self).contains("base"))
        let others = [
            try AdapterBase(version: VersionID(model, 8), files: [under]),
            try AdapterBase(version: VersionID(model, 7), files: [file("other.gguf")]),
        ]
        for other in others {
            let changed = try Manifest(files: manifest.files, base: other)
            #expect(try changed.digest() != manifest.digest())
        }
        for (files, words) in [
            ([try file("card.md", .card)], "its weights are one file, the adapter"),
            ([try file("l-00001-of-00002.gguf"), try file("l-00002-of-00002.gguf")], "its weights are one file"),
        ] {
            let error = #expect(throws: RegistryTypesError.self) { try Manifest(files: files, base: base) }
            #expect("\(try #require(error))".contains(words))
        }
        for (files, words) in [
            ([], "has no weights"), ([try file("card.md", .card)], "no weights"), ([under, under], "twice"),
            ([under, try file("b.gguf")], "more than one model"),
        ] {
            let error = #expect(throws: RegistryTypesError.self) {
                try AdapterBase(version: VersionID(model, 7), files: files)
            }
            #expect("\(try #require(error))".contains(words))
        }
    }

    /// Two sets that share a file are two models in memory.
    @Test func setsHaveADigestOfTheirOwn() throws {
        let one = try Manifest(files: (1...2).map { try file("m-0000\($0)-of-00002.gguf") }).weights
        let two = try Manifest(files: [
            file("m-00001-of-00002.gguf"),
            ArtifactFile(
                path: "m-00002-of-00002.gguf",
                digest: Digest(of: Data("else".utf8)),
                sizeBytes: 10,
                role: .weights
            ),
        ]).weights
        #expect(one?.digest != two?.digest && one?.digest != one?.files.first?.digest)
    }

    @Test(arguments: [
        ("HuggingFaceTB/SmolLM2-135M-Instruct", "smollm2-135m-instruct"), ("Meta-Llama-3", "meta-llama-3"),
        ("org/_Model", "model"), ("Qwen/Qwen2.5-0.5B", "qwen2.5-0.5b"), ("A", "a"),
        ("x/" + String(repeating: "Ab", count: 50), String(repeating: "ab", count: 32)),
    ])
    func aNameIsMadeOfADisplayName(text: String, name: String) throws {
        let known = try DisplayName(text)
        #expect(known.text == text)
        #expect(try known.identifier.text == name)
        #expect(try known.identifier == DisplayName(text).identifier)
    }

    /// Where a name is asked for and a display name is given, the name that was made of it is said.
    @Test func theNameThatIsMeantIsSaid() {
        let words = "\(RegistryTypesError.badName("HuggingFaceTB/SmolLM2"))"
        #expect(words.contains("a model known as that is called smollm2"))
        #expect(!"\(RegistryTypesError.badName("a b"))".contains("known as"))
    }

    @Test(arguments: [
        "", "/", "a/", "/a", "a/b/c", "a b", "größe", "a/..", "../a", "<b>", "a\u{202e}b", "a\nb", "model:7", "a@7",
        "--",
        String(repeating: "a", count: 129),
    ])
    func otherTextsAreNoDisplayName(text: String) {
        #expect(throws: RegistryTypesError.badDisplayName(text)) { try DisplayName(text) }
    }
}
