import SeededRandom
import Testing

@testable import GGUF

/// A model in several files: put together where they belong together, and refused by name where not.
@Suite struct ShardTests {
    /// The tensors of the small file over three files, as a splitting tool writes them.
    private static func shards(_ change: (inout [GGUFWriter]) -> Void = { _ in }) -> [[UInt8]] {
        let whole = SmallFile.writer()
        var writers = (0..<3).map { number in
            var writer = GGUFWriter()
            if number == 0 { writer.metadata = whole.metadata }
            writer.add("split.no", .uint16(UInt16(number)))
            writer.add("split.count", .uint16(3))
            writer.add("split.tensors.count", .int32(Int32(whole.tensors.count)))
            writer.tensors = whole.tensors.enumerated().filter { $0.offset % 3 == number }.map(\.element)
            return writer
        }
        change(&writers)
        return writers.map { $0.bytes() }
    }

    @Test func theFilesOfASetAreOneModel() throws {
        let whole = try GGUFFile(bytes: SmallFile.writer().bytes())
        let split = try GGUFFile(shards: Self.shards())
        #expect(split.shardCount == 3 && whole.shardCount == 1)
        #expect(Set(split.tensors.map(\.name)) == Set(whole.tensors.map(\.name)))
        for tensor in whole.tensors {
            let other = try #require(split.tensor(named: tensor.name))
            #expect(other.dimensions == tensor.dimensions && other.type == tensor.type)
            #expect(split.withBytes(of: other) { Array($0) } == whole.withBytes(of: tensor) { Array($0) })
        }
        for (key, value) in whole.metadata { #expect(split.metadata[key] == value) }
        let facts = try GGUFSummary(split)
        #expect(facts.parameterCount == (try GGUFSummary(whole)).parameterCount)
        #expect(facts.fileBytes == Self.shards().reduce(0) { $0 + $1.count })
    }

    /// A set of one file is a file.
    @Test func aSetOfOneIsRead() throws {
        var writer = SmallFile.writer()
        writer.add("split.no", .uint16(0))
        writer.add("split.count", .uint16(1))
        #expect(try GGUFFile(bytes: writer.bytes()).tensors.count == SmallFile.writer().tensors.count)
    }

    @Test func whatIsNotOneSetIsRefused() throws {
        let good = Self.shards()
        let fault = { (shards: [[UInt8]]) throws -> GGUFError in
            try #require(#expect(throws: GGUFError.self) { try GGUFFile(shards: shards) })
        }
        #expect(try fault([good[0]]) == .incompleteSet(shard: 1, of: 3, given: 1))
        #expect("\(try fault([good[0]]))" == "this is file 1 of a model in 3 files, and it is alone")
        #expect(try fault([good[1]]) == .incompleteSet(shard: 2, of: 3, given: 1))
        #expect(try fault([good[0], good[1]]) == .incompleteSet(shard: 1, of: 3, given: 2))
        #expect(try fault(good + [good[2]]) == .incompleteSet(shard: 1, of: 3, given: 4))
        #expect(try fault([good[0], good[2], good[1]]) == .wrongShard(found: 3, ofFound: 3, expected: 2, of: 3))
        #expect(try fault([good[1], good[0], good[2]]) == .wrongShard(found: 2, ofFound: 3, expected: 1, of: 3))
        #expect(try fault([good[0], good[1], good[1]]) == .wrongShard(found: 2, ofFound: 3, expected: 3, of: 3))
        let other = SmallFile.writer().bytes()
        #expect(try fault([good[0], other, good[2]]) == .wrongShard(found: nil, ofFound: nil, expected: 2, of: 3))
        let twice = Self.shards { $0[1].tensors.append($0[0].tensors[0]) }
        #expect(try fault(twice) == .duplicateTensor(SmallFile.writer().tensors[0].name))
        let fewer = Self.shards { $0[2].tensors.removeLast() }
        let count = SmallFile.writer().tensors.count
        #expect(try fault(fewer) == .wrongTensorCount(stated: count, found: count - 1))
        let foreign = Self.shards { $0[1].add("general.architecture", .string("qwen2")) }
        #expect(try fault(foreign) == .shardsDiffer(key: "general.architecture", shard: 2))
        let own = Self.shards { $0[1].add("nobody.else", .uint8(1)) }
        #expect(try fault(own) == .shardsDiffer(key: "nobody.else", shard: 2))
        let equal = Self.shards { $0[1].add("general.architecture", .string("llama")) }
        #expect(try GGUFFile(shards: equal).tensors.count == count)
        let typed = Self.shards { writers in
            writers[0].metadata.removeAll { $0.key == "split.count" }
            writers[0].add("split.count", .string("3"))
        }
        #expect(try fault(typed) == .wrongType(key: "split.count", expected: "an integer", found: "a string"))
        #expect(throws: GGUFError.notGGUF) { try GGUFFile(paths: []) }
    }

    /// Numbers that no set can have, wherever they stand: an error, never a trap.
    @Test func hostileNumbersAreRefused() throws {
        var random = SplitMix64(seed: 5)
        let values: [GGUFValue] = [
            .uint64(.max), .int64(.min), .int32(-1), .uint16(0), .uint16(.max), .uint32(.max), .bool(true),
            .string(""), .float32(.nan), .array(.integers([3], .uint16)),
        ]
        for _ in 0..<400 {
            let shards = Self.shards { writers in
                let place = Int.random(in: 0..<3, using: &random)
                let key = ["split.no", "split.count", "split.tensors.count"].randomElement(using: &random) ?? ""
                guard let index = writers[place].metadata.firstIndex(where: { $0.key == key }) else { return }
                writers[place].metadata[index].value = values.randomElement(using: &random) ?? .bool(true)
            }
            let given = Int.random(in: 1...3, using: &random)
            if let file = try? GGUFFile(shards: Array(shards.prefix(given))) {
                #expect(file.tensors.count <= SmallFile.writer().tensors.count)
            }
        }
    }
}
