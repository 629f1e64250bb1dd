import SeededRandom
import Testing

@testable import GGUF

/// Files that lie: each is refused with an error that names the place, and nothing ever traps.
@Suite struct HostileFileTests {
    /// A description and what is done to a good writer.
    struct Lie: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let error: GGUFError
        let tell: @Sendable (inout GGUFWriter) -> Void

        init(_ what: String, _ error: GGUFError, _ tell: @escaping @Sendable (inout GGUFWriter) -> Void) {
            testDescription = what
            self.error = error
            self.tell = tell
        }
    }

    private static func tensor(
        _ name: String,
        type: UInt32 = 0,
        _ dimensions: [UInt64],
        bytes: Int = 32,
        offset: UInt64? = nil
    ) -> GGUFWriter.Tensor {
        .init(
            name: name,
            type: type,
            dimensions: dimensions,
            bytes: Array(repeating: 0, count: bytes),
            offset: offset
        )
    }

    static let lies: [Lie] = [
        Lie("version 0", .unsupportedVersion(0)) { $0.version = 0 },
        Lie("version 1", .unsupportedVersion(1)) { $0.version = 1 },
        Lie("version of the future", .unsupportedVersion(4)) { $0.version = 4 },
        Lie("big-endian", .bigEndian) { $0.version = 0x0300_0000 },
        Lie("duplicate key", .duplicateKey("a.int8")) { $0.add("a.int8", .int8(1)) },
        Lie("alignment of another type", .invalidAlignment("a uint64")) { $0.add("general.alignment", .uint64(32)) },
        Lie("alignment as array", .invalidAlignment("an array of 1 uint32 values")) {
            $0.add("general.alignment", .array(.integers([32], .uint32)))
        },
        Lie("alignment zero", .invalidAlignment("0")) { $0.add("general.alignment", .uint32(0)) },
        Lie("alignment not a power of two", .invalidAlignment("48")) { $0.add("general.alignment", .uint32(48)) },
        Lie("alignment of 4 GiB", .invalidAlignment("2147483648")) { $0.add("general.alignment", .uint32(1 << 31)) },
        Lie("duplicate tensor", .duplicateTensor("a.f32")) { $0.tensors.append(tensor("a.f32", [8])) },
        Lie("unknown tensor type", .unknownTensorType(tensor: "x", rawValue: 4)) {
            $0.tensors.append(tensor("x", type: 4, [8]))
        },
        Lie("huge tensor type", .unknownTensorType(tensor: "x", rawValue: .max)) {
            $0.tensors.append(tensor("x", type: .max, [8]))
        },
        Lie("no dimensions", .invalidDimensions(tensor: "x", dimensions: [], reason: "0 sizes, not 1 to 4")) {
            $0.tensors.append(tensor("x", []))
        },
        Lie("five dimensions", .invalidDimensions(tensor: "x", dimensions: [], reason: "5 sizes, not 1 to 4")) {
            $0.tensors.append(tensor("x", [1, 1, 1, 1, 1]))
        },
        Lie("dimension zero", .invalidDimensions(tensor: "x", dimensions: [8, 0], reason: "a size is zero")) {
            $0.tensors.append(tensor("x", [8, 0]))
        },
        Lie(
            "product wraps to zero",
            .invalidDimensions(tensor: "x", dimensions: [1 << 32, 1 << 32], reason: "their product overflows")
        ) { $0.tensors.append(tensor("x", [1 << 32, 1 << 32])) },
        Lie(
            "product wraps to a small number",
            .invalidDimensions(
                tensor: "x",
                dimensions: [(1 << 63) + 4, 2],
                reason: "their product overflows"
            )
        ) { $0.tensors.append(tensor("x", [(1 << 63) + 4, 2])) },
        Lie(
            "negative when signed",
            .invalidDimensions(tensor: "x", dimensions: [.max], reason: "their product overflows")
        ) { $0.tensors.append(tensor("x", [.max])) },
        Lie(
            "bytes wrap",
            .invalidDimensions(tensor: "x", dimensions: [1 << 62], reason: "their size in bytes overflows")
        ) { $0.tensors.append(tensor("x", [1 << 62])) },
        Lie(
            "row is not whole blocks",
            .invalidDimensions(
                tensor: "x",
                dimensions: [33, 32],
                reason: "a row of Q8_0 is a multiple of 32 elements"
            )
        ) { $0.tensors.append(tensor("x", type: 8, [33, 32])) },
        Lie("offset not aligned", .misalignedTensor(tensor: "x", offset: 8, alignment: 32)) {
            $0.tensors.append(tensor("x", [8], offset: 8))
        },
        Lie("offset that wraps", .tensorOutsideFile(tensor: "x", offset: .max - 31, byteCount: 32, available: 288)) {
            $0.tensors.append(tensor("x", [8], offset: .max - 31))
        },
        Lie("offset past the end", .tensorOutsideFile(tensor: "x", offset: 1 << 40, byteCount: 32, available: 288)) {
            $0.tensors.append(tensor("x", [8], offset: 1 << 40))
        },
        Lie("data past the end", .tensorOutsideFile(tensor: "x", offset: 256, byteCount: 4096, available: 288)) {
            $0.tensors.append(tensor("x", [1024]))
        },
        Lie("tensor over another", .overlappingTensors("token_embd.weight", "x")) {
            $0.tensors.append(tensor("x", [8], offset: 32))
        },
        Lie("long tensor name", .tooMany(what: "length of a tensor name", count: 65, limit: 64)) {
            $0.tensors.append(tensor(String(repeating: "n", count: 65), [8]))
        },
    ]

    @Test(arguments: lies)
    func liesAreRefused(lie: Lie) {
        var writer = SmallFile.writer()
        lie.tell(&writer)
        #expect(throws: lie.error) { try GGUFFile(bytes: writer.bytes()) }
    }

    /// Raw bytes after the magic and version 3.
    private static func raw(_ parts: [any FixedWidthInteger & Sendable]) -> [UInt8] {
        func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
            withUnsafeBytes(of: value.littleEndian) { Array($0) }
        }
        return parts.reduce(Array("GGUF".utf8) + bytes(UInt32(3))) { $0 + bytes($1) }
    }

    static let rawLies: [(String, [UInt8], GGUFError)] = [
        ("empty", [], .notGGUF),
        ("three bytes", Array("GGU".utf8), .notGGUF),
        ("another format", Array("{\"a\": 1}".utf8), .notGGUF),
        (
            "2^64-1 tensors", raw([UInt64.max, UInt64(0)]),
            .tooMany(what: "number of tensors", count: .max, limit: 65_536)
        ),
        (
            "2^64-1 keys", raw([UInt64(0), UInt64.max]),
            .tooMany(what: "number of metadata keys", count: .max, limit: 65_536)
        ),
        (
            "key length 2^64-1", raw([UInt64(0), UInt64(1), UInt64.max]),
            .tooMany(what: "length of a metadata key", count: .max, limit: 65_535)
        ),
        ("empty key", raw([UInt64(0), UInt64(1), UInt64(0)]), .emptyKey(offset: 24)),
        (
            "key longer than the file", raw([UInt64(0), UInt64(1), UInt64(60_000)]),
            .truncated(what: "a metadata key", offset: 32, needed: 60_000, available: 0)
        ),
        (
            "key that is not UTF-8", raw([UInt64(0), UInt64(1), UInt64(1), UInt8(0xff)]),
            .invalidUTF8(what: "a metadata key", offset: 32)
        ),
        (
            "key with an escape", raw([UInt64(0), UInt64(1), UInt64(1), UInt8(0x1b)]),
            .invalidName(what: "a metadata key", offset: 32)
        ),
        (
            "key with a letter that equals another",
            raw([UInt64(0), UInt64(1), UInt64(3), UInt8(0xe2), UInt16(0xaa84)]),
            .invalidName(what: "a metadata key", offset: 32)
        ),
        (
            "unknown value type", raw([UInt64(0), UInt64(1), UInt64(1), UInt8(0x6b), UInt32(13)]),
            .unknownValueType(key: "k", rawValue: 13)
        ),
        (
            "boolean 2", raw([UInt64(0), UInt64(1), UInt64(1), UInt8(0x6b), UInt32(7), UInt8(2)]),
            .invalidBoolean(key: "k", byte: 2)
        ),
        (
            "array of arrays",
            raw([UInt64(0), UInt64(1), UInt64(1), UInt8(0x6b), UInt32(9), UInt32(9), UInt64(0)]),
            .nestedArray(key: "k")
        ),
        (
            "array of an unknown type",
            raw([UInt64(0), UInt64(1), UInt64(1), UInt8(0x6b), UInt32(9), UInt32(99), UInt64(0)]),
            .unknownValueType(key: "k", rawValue: 99)
        ),
        (
            "array of 2^64-1",
            raw([UInt64(0), UInt64(1), UInt64(1), UInt8(0x6b), UInt32(9), UInt32(10), UInt64.max]),
            .tooMany(what: "number of elements of k", count: .max, limit: 4 << 20)
        ),
        (
            "array longer than the file",
            raw([UInt64(0), UInt64(1), UInt64(1), UInt8(0x6b), UInt32(9), UInt32(4), UInt64(1000)]),
            .truncated(what: "k", offset: 49, needed: 4000, available: 0)
        ),
        (
            "string of 2^63", raw([UInt64(0), UInt64(1), UInt64(1), UInt8(0x6b), UInt32(8), UInt64(1) << 63]),
            .tooMany(what: "length of k", count: 1 << 63, limit: 16 << 20)
        ),
        ("empty tensor name", raw([UInt64(1), UInt64(0), UInt64(0)]), .emptyTensorName(offset: 24)),
    ]

    /// A long array that nothing asks for takes no memory, whatever its elements; what a tokenizer is made of is kept.
    @Test func longArraysThatNobodyReadsAreWalkedOver() throws {
        let many = GGUFLimits.shortArray + 1
        let arrays: [(GGUFArray, GGUFValueType)] = [
            (.integers(Array(repeating: 7, count: many), .uint8), .uint8),
            (.integers(Array(repeating: 7, count: many), .int64), .int64),
            (.floats(Array(repeating: 1, count: many), .float32), .float32),
            (.bools(Array(repeating: true, count: many)), .bool),
            (.strings(Array(repeating: "x", count: many)), .string),
        ]
        for (array, type) in arrays {
            var writer = GGUFWriter()
            writer.metadata = [("some.list", .array(array)), ("tokenizer.list", .array(array)), ("last", .uint8(5))]
            let file = try GGUFFile(bytes: writer.bytes())
            #expect(file.metadata["some.list"] == .array(.unread(type, count: many)))
            #expect(file.metadata["tokenizer.list"] == .array(array))
            #expect(file.metadata["last"] == .uint8(5))
        }
    }

    /// All arrays that are kept share one limit, so that many of them are no more than one.
    @Test func arraysShareOneLimit() throws {
        let half = GGUFLimits.arrayElements / 2
        let bytes = GGUFArray.integers(Array(repeating: 0, count: half), .uint8)
        var writer = GGUFWriter()
        writer.metadata = [("tokenizer.a", .array(bytes)), ("tokenizer.b", .array(bytes))]
        #expect(try GGUFFile(bytes: writer.bytes()).metadata.count == 2)
        writer.metadata.append(("tokenizer.c", .array(.bools([true]))))
        #expect(
            throws: GGUFError.tooMany(
                what: "number of elements of all arrays up to tokenizer.c",
                count: UInt64(2 * half + 1),
                limit: GGUFLimits.arrayElements
            )
        ) { try GGUFFile(bytes: writer.bytes()) }
    }

    @Test(arguments: rawLies)
    func rawLiesAreRefused(what: String, bytes: [UInt8], error: GGUFError) {
        #expect(throws: error) { try GGUFFile(bytes: bytes) }
    }

    /// One tensor less than there are, in the header alone: all data would be read from where the last entry is.
    @Test func aLeftOverEntryIsNoPadding() throws {
        var writer = SmallFile.writer()
        // The name decides how long the padding is: once in 32 there is none, and nothing to look at.
        var taken: [Int] = []
        for length in 1...32 {
            writer.tensors[writer.tensors.count - 2].name = String(repeating: "n", count: length)
            var bytes = writer.bytes()
            bytes[8] -= 1
            do throws(GGUFError) {
                _ = try GGUFFile(bytes: bytes)
                taken.append(length)
            } catch {
                #expect(error.description.hasPrefix("the padding between the directory of 4 tensors and their data"))
            }
        }
        #expect(taken.count == 1)
    }

    @Test func truncationAtEveryByteIsRefused() {
        let bytes = SmallFile.writer().bytes()
        for count in bytes.indices {
            #expect(throws: GGUFError.self, "\(count) bytes") { try GGUFFile(bytes: Array(bytes[..<count])) }
        }
    }

    /// What is accepted can be read to the last byte.
    private func readEverything(_ bytes: [UInt8]) {
        guard let file = try? GGUFFile(bytes: bytes) else { return }
        _ = try? GGUFSummary(file)
        for tensor in file.tensors {
            let count = file.withBytes(of: tensor) { data in
                _ = tensor.type.dequantized(data)
                return data.reduce(0) { $0 &+ Int($1) }
            }
            #expect(count >= 0)
        }
    }

    @Test func everySingleByteChangeIsSurvived() {
        let bytes = SmallFile.writer().bytes()
        for index in bytes.indices {
            for value: UInt8 in [0, 1, 0x7f, 0x80, 0xff, bytes[index] ^ 1, bytes[index] &+ 1] {
                var changed = bytes
                changed[index] = value
                readEverything(changed)
            }
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func randomMutationsAreSurvived(seed: UInt64) {
        let good = SmallFile.writer().bytes()
        var random = SplitMix64(seed: seed)
        for _ in 0..<2000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
                case 3: bytes.removeLast(bytes.count - index)
                default:
                    let extreme: UInt64 = [0, 1, .max, 1 << 63, 1 << 32, .max - 31].randomElement(using: &random) ?? 0
                    let eight = withUnsafeBytes(of: extreme.littleEndian) { Array($0) }
                    bytes.replaceSubrange(index..<min(index + 8, bytes.count), with: eight)
                }
            }
            readEverything(bytes)
        }
    }
}
