import Testing

@testable import GGUF

/// The kinds of malformed files that llama.cpp's own test of its reader writes (`tests/test-gguf.cpp`), by its names, in
/// files of our own. What it refuses is refused here; where it reads a file that is refused here, the case says why.
@Suite struct LoaderCaseTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        /// What the refusal says; nil where the file is read.
        let message: String?
        /// Whether llama.cpp reads the file, too.
        var isReadElsewhere = false
        let bytes: @Sendable () -> [UInt8]

        init(
            _ name: String,
            _ message: String?,
            isReadElsewhere: Bool = false,
            _ bytes: @escaping @Sendable () -> [UInt8]
        ) {
            (self.name, self.message, self.bytes) = (name, message, bytes)
            self.isReadElsewhere = isReadElsewhere || message == nil
        }

        var testDescription: String { name }
    }

    // MARK: - Files

    /// A file with some metadata or none, some tensors or none, changed.
    private static func file(
        pairs: Bool = false,
        tensors: Bool = false,
        _ change: (inout GGUFWriter) -> Void = { _ in }
    ) -> [UInt8] {
        var writer = GGUFWriter()
        if pairs {
            writer.add("my_key_0", .uint8(7))
            writer.add("my_key_1", .string("text"))
            writer.add("my_key_2", .array(.strings(["a", "", "ü"])))
            writer.add("my_key_3", .array(.floats([0.5, -2], .float64)))
        }
        if tensors {
            writer.add("my_tensor_0", .f32, [5, 3], Array(repeating: 1, count: 15))
            writer.add("my_tensor_1", .q8_0, [32, 2, 1, 2], Array(repeating: 2, count: 128))
            writer.tensors.append(.init(name: "my_tensor_2", type: 24, dimensions: [3], bytes: [1, 2, 3]))
        }
        change(&writer)
        return writer.bytes()
    }

    private static func header(tensors: UInt64, pairs: UInt64) -> [UInt8] {
        Array("GGUF".utf8) + little(UInt32(3)) + little(tensors) + little(pairs)
    }

    private static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// The directory of a good file, without its data.
    private static func directory(_ change: (inout GGUFWriter) -> Void = { _ in }) -> [UInt8] {
        var empty = GGUFWriter(), dataCount = 0
        _ = file(pairs: true, tensors: true) { writer in
            change(&writer)
            empty = writer
            dataCount = writer.tensors.reduce(0) { sum, tensor in
                (sum + writer.alignment - 1) / writer.alignment * writer.alignment + tensor.bytes.count
            }
        }
        return Array(empty.bytes().dropLast(dataCount))
    }

    private static func lone(_ type: UInt32, _ dimensions: [UInt64], count: Int = 0, copies: Int = 1) -> [UInt8] {
        file(pairs: true) { writer in
            for copy in 0..<copies {
                let bytes = [UInt8](repeating: 0, count: count)
                writer.tensors.append(
                    .init(name: "my_tensor_\(copy)", type: type, dimensions: dimensions, bytes: bytes)
                )
            }
        }
    }

    // MARK: - Cases

    private static let header: [Case] = [
        Case("HEADER_BAD_MAGIC", "not a GGUF file: it does not start with the bytes \"GGUF\"") {
            Array("FUGG".utf8) + file().dropFirst(4)
        },
        Case("HEADER_BAD_VERSION_0", "GGUF version 0 is not supported; supported: 2, 3") { file { $0.version = 0 } },
        Case("HEADER_BAD_VERSION_1", "GGUF version 1 is not supported; supported: 2, 3") { file { $0.version = 1 } },
        Case("HEADER_BAD_VERSION_FUTURE", "GGUF version 4 is not supported; supported: 2, 3") {
            file { $0.version = 4 }
        },
        Case("HEADER_BAD_N_TENSORS", "number of tensors is 18446744073709551615, more than the limit of 65536") {
            header(tensors: .max, pairs: 0)
        },
        Case("HEADER_BAD_N_KV", "number of metadata keys is 18446744073709551615, more than the limit of 65536") {
            header(tensors: 0, pairs: .max)
        },
        Case("HEADER_EMPTY", nil) { file() },
    ]

    private static let pairs: [Case] = [
        Case(
            "KV_BAD_KEY_SIZE",
            "length of a metadata key is 18446744073709551615, more than the limit of 65535"
        ) { header(tensors: 0, pairs: 1) + little(UInt64.max) + Array("my_key_0".utf8) },
        Case("KV_EMPTY_KEY", "metadata key at byte 24 is empty") { file { $0.add("", .uint8(1)) } },
        Case("KV_BAD_TYPE", "metadata key k has unknown value type 13") {
            header(tensors: 0, pairs: 1) + little(UInt64(1)) + Array("k".utf8) + little(UInt32(13)) + [0]
        },
        // It took a terabyte there, and is no part of the test since.
        Case("KV_BAD_VALUE_SIZE", "length of k is 18446744073709551615, more than the limit of 16777216") {
            header(tensors: 0, pairs: 1) + little(UInt64(1)) + Array("k".utf8) + little(UInt32(8)) + little(UInt64.max)
        },
        Case("KV_DUPLICATE_KEY", "metadata key my_key_0 appears twice") {
            file(pairs: true) { $0.add("my_key_0", .uint8(7)) }
        },
        Case(
            "KV_BAD_ALIGN",
            "general.alignment is 13; it must be a uint32 that is a power of two from 8 to 65536"
        ) { file(pairs: true) { $0.add("general.alignment", .uint32(13)) } },
        Case(
            "KV_WRONG_TYPE_ALIGN",
            "general.alignment is an int32; it must be a uint32 that is a power of two from 8 to 65536"
        ) { file(pairs: true) { $0.add("general.alignment", .int32(13)) } },
        Case("KV_SUCCESS", nil) { file(pairs: true) },
    ]

    private static let tensors: [Case] = [
        Case("TENSORS_BAD_NAME_SIZE", "length of a tensor name is 88, more than the limit of 64") {
            let name = "my_tensor_0" + String(repeating: "_long_name", count: 7) + "_longer"
            return directory { $0.tensors[0].name = name }
        },
        Case("TENSORS_BAD_N_DIMS", "tensor my_tensor_0 has dimensions []: 5 sizes, not 1 to 4") {
            directory { $0.tensors[0].dimensions = [5, 3, 1, 1, 1] }
        },
        Case(
            "TENSORS_BAD_SHAPE",
            "tensor my_tensor_0 has dimensions [18446744073709551615, 18446744073709551615]: their product overflows"
        ) { directory { $0.tensors[0].dimensions = [.max, .max] } },
        // A tensor without elements has no place in any model that is run here.
        Case("TENSORS_ZERO_DIM", "tensor my_tensor_0 has dimensions [5, 0]: a size is zero", isReadElsewhere: true) {
            directory { $0.tensors[0].dimensions = [5, 0] }
        },
        Case(
            "TENSORS_NE_TOO_BIG",
            "tensor my_tensor_0 has dimensions [8589934588, 8589934588]: their product overflows"
        ) { directory { $0.tensors[0].dimensions = [4 * 0x7fff_ffff, 4 * 0x7fff_ffff] } },
        Case(
            "TENSORS_NBYTES_TOO_BIG",
            "tensor my_tensor_0 has dimensions [1518500249, 1518500249]: their size in bytes overflows"
        ) { lone(27, [1_518_500_249, 1_518_500_249]) },
        // 2^64 - 16 bytes, which a padding to 32 would make none.
        Case(
            "TENSORS_NBYTES_PAD_WRAP",
            "tensor my_tensor_0 has dimensions [4, 1073741823, 1073741825]: their size in bytes overflows"
        ) { lone(0, [4, 1_073_741_823, 1_073_741_825]) },
        Case("TENSORS_BAD_TYPE", "tensor my_tensor_0 has unknown type 4242") {
            directory { $0.tensors[0].type = 4242 }
        },
        Case(
            "TENSORS_BAD_OFFSET",
            "tensor my_tensor_0 starts at offset 18446744073709551615, which is not a multiple of 32"
        ) { file(tensors: true) { $0.tensors[0].offset = .max } },
        Case("TENSORS_DUPLICATE_NAME", "tensor my_tensor_0 appears twice") {
            directory { $0.tensors[1].name = "my_tensor_0" }
        },
        Case(
            "TENSORS_BAD_ALIGN",
            "general.alignment is 13; it must be a uint32 that is a power of two from 8 to 65536"
        ) { directory { $0.add("general.alignment", .uint32(13)) } },
        Case(
            "TENSORS_INCONSISTENT_ALIGN",
            "tensor my_tensor_1 starts at offset 60, which is not a multiple of 32"
        ) { file(tensors: true) { $0.alignment = 1 } },
        // Whoever gets a GGUFFile may read every tensor of it, so a directory alone is no file.
        Case(
            "TENSORS_SUCCESS",
            "tensor my_tensor_0 needs 60 bytes at offset 0 of the data, which has 0",
            isReadElsewhere: true
        ) { directory() },
        // The format asks for a multiple of 8.
        Case(
            "TENSORS_CUSTOM_ALIGN",
            "general.alignment is 1; it must be a uint32 that is a power of two from 8 to 65536",
            isReadElsewhere: true
        ) {
            directory { writer in
                writer.add("general.alignment", .uint32(1))
                writer.alignment = 1
            }
        },
    ]

    private static let data: [Case] = [
        Case(
            "DATA_NOT_ENOUGH_DATA",
            "tensor my_tensor_2 needs 3 bytes at offset 224 of the data, which has 226"
        ) { Array(file(pairs: true, tensors: true).dropLast()) },
        Case(
            "DATA_BAD_ALIGN",
            "general.alignment is 13; it must be a uint32 that is a power of two from 8 to 65536"
        ) { file(pairs: true, tensors: true) { $0.add("general.alignment", .uint32(13)) } },
        Case(
            "DATA_INCONSISTENT_ALIGN",
            "tensor my_tensor_1 starts at offset 60, which is not a multiple of 32"
        ) { file(pairs: true, tensors: true) { $0.alignment = 1 } },
        Case(
            "DATA_MEM_SIZE_OVERFLOW",
            "tensor my_tensor_0 needs 9223372036854775744 bytes at offset 0 of the data, which has 64"
        ) { lone(24, [0x7fff_ffff_ffff_ffc0], count: 32, copies: 2) },
        Case("DATA_SUCCESS", nil) { file(pairs: true, tensors: true) },
        Case(
            "DATA_CUSTOM_ALIGN",
            "general.alignment is 1; it must be a uint32 that is a power of two from 8 to 65536",
            isReadElsewhere: true
        ) {
            file(pairs: true, tensors: true) { writer in
                writer.add("general.alignment", .uint32(1))
                writer.alignment = 1
            }
        },
        // The smallest that the format allows instead.
        Case("DATA_CUSTOM_ALIGN of 8", nil) {
            file(pairs: true, tensors: true) { writer in
                writer.add("general.alignment", .uint32(8))
                writer.alignment = 8
            }
        },
    ]

    static let cases = header + pairs + tensors + data

    @Test(arguments: cases)
    func everyKindIsReadOrNamed(what: Case) throws {
        do throws(GGUFError) {
            let file = try GGUFFile(bytes: what.bytes())
            #expect(what.message == nil, "it was read")
            for tensor in file.tensors { #expect(file.withBytes(of: tensor) { $0.count } == tensor.byteCount) }
        } catch {
            #expect(error.description == what.message)
        }
    }

    /// 34 kinds, one that was taken out for what it costs elsewhere, and one more of ours; what is read there and not
    /// here is this.
    @Test func allKindsAreHere() {
        #expect(Set(Self.cases.map(\.name)).count == 36)
        #expect(
            Self.cases.filter { $0.isReadElsewhere && $0.message != nil }.map(\.name) == [
                "TENSORS_ZERO_DIM", "TENSORS_SUCCESS", "TENSORS_CUSTOM_ALIGN", "DATA_CUSTOM_ALIGN",
            ]
        )
    }
}
