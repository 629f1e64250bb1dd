import Testing

@testable import GGUF
@testable import Inference
@testable import Tokenizers

/// A change that is made to a model file, and what has to come of it.
struct ModelMutation: Sendable, CustomTestStringConvertible {
    enum Outcome: Sendable {
        /// It is refused, with each of these words in the message; `{a}` is the architecture, `{t}` the tensor that was
        /// changed.
        case refused([String])
        /// It is the same model: the change says nothing about the arithmetic.
        case same
        /// It is read as what it says, which is another model, or refused with these words: families differ.
        case other([String])
        /// Only the weights are others: every answer is a number or a refusal.
        case weights
    }

    let name: String
    let outcome: Outcome
    /// Whether the type of the tensors matters.
    let isOfTensors: Bool
    let change: @Sendable (inout MutatedFile) -> Void

    var testDescription: String { name }

    private init(
        _ name: String,
        _ outcome: Outcome,
        isOfTensors: Bool = false,
        _ change: @escaping @Sendable (inout MutatedFile) -> Void
    ) {
        (self.name, self.outcome, self.isOfTensors, self.change) = (name, outcome, isOfTensors, change)
    }
}

/// A file in the making: what its writer is told, then what is done to its bytes.
struct MutatedFile {
    let architecture: String
    var writer: GGUFWriter
    /// Where in `writer.tensors` the changed one is: a matrix of the first block.
    let target: Int
    var bytes: (([UInt8]) -> [UInt8])?

    init?(_ writer: GGUFWriter) {
        guard case .string(let name)? = writer.metadata.first(where: { $0.key == "general.architecture" })?.value,
            let target = writer.tensors.firstIndex(where: { $0.name.hasPrefix("blk.0.") && $0.dimensions.count == 2 })
        else { return nil }
        (architecture, self.writer, self.target) = (name, writer, target)
    }

    var tensor: GGUFWriter.Tensor {
        get { writer.tensors[target] }
        set { writer.tensors[target] = newValue }
    }

    /// Writes a key, or takes it away; `{a}` is the architecture.
    mutating func set(_ key: String, _ value: GGUFValue?) {
        let key = key.replacing("{a}", with: architecture)
        writer.metadata.removeAll { $0.key == key }
        if let value { writer.add(key, value) }
    }

    /// Writes eight bytes of the header: the number of tensors (8), that of keys (16).
    mutating func setHeader(_ offset: Int, _ value: UInt64) {
        bytes = { bytes in
            bytes[..<offset] + withUnsafeBytes(of: value.littleEndian) { Array($0) } + bytes[(offset + 8)...]
        }
    }

    /// Other bytes for every matrix of 32-bit floats; of other types each byte becomes the low byte.
    mutating func fill(_ bits: UInt32) {
        for index in writer.tensors.indices where writer.tensors[index].dimensions.count > 1 {
            let isFloat = writer.tensors[index].type == TensorType.f32.rawValue
            for place in writer.tensors[index].bytes.indices {
                let shift = isFloat ? UInt32(place % 4 * 8) : 0
                writer.tensors[index].bytes[place] = UInt8(truncatingIfNeeded: bits >> shift)
            }
        }
    }

    /// What is read: of the changed writer, with its changed bytes.
    func finished() -> [UInt8] {
        let whole = writer.bytes()
        return bytes.map { $0(whole) } ?? whole
    }
}

extension ModelMutation {
    static let all: [ModelMutation] = tensors + layout + numbers + rotation + parts + tokenizer + header

    // MARK: - The directory and the data

    private static let tensors: [ModelMutation] = [
        .init("dimension 2^42+1", .refused(["{t}", "bytes at offset"]), isOfTensors: true) {
            $0.tensor.dimensions[1] = 1 << 42 + 1
        },
        .init("sizes whose product wraps", .refused(["{t}", "overflow"]), isOfTensors: true) {
            $0.tensor.dimensions = [1 << 32, 1 << 32]
        },
        .init("offset past the end", .refused(["{t}", "1099511627776"]), isOfTensors: true) {
            $0.tensor.offset = 1 << 40
        },
        .init("offset 2^64-32", .refused(["{t}", "18446744073709551584"]), isOfTensors: true) {
            $0.tensor.offset = 0 &- 32
        },
        .init("offset unaligned", .refused(["{t}", "offset 8", "32"]), isOfTensors: true) { $0.tensor.offset = 8 },
        .init("offset overlapping", .refused(["{t}", "overlap"]), isOfTensors: true) { $0.tensor.offset = 0 },
        .init("data cut in half", .refused(["tensor ", "bytes at offset"]), isOfTensors: true) { file in
            file.bytes = { Array($0[..<($0.count - ($0.count / 4))]) }
        },
        .init("data cut by one byte", .refused(["tensor ", "bytes at offset"]), isOfTensors: true) { file in
            file.bytes = { Array($0.dropLast()) }
        },
        .init("trailing bytes", .same, isOfTensors: true) { file in file.bytes = { $0 + [1, 2, 3] } },
        .init("tensor twice", .refused(["{t}", "twice"])) { $0.writer.tensors.append($0.tensor) },
        .init("unknown tensor", .refused(["tensor blk.0.mystery.weight is not part of"])) {
            $0.writer.add("blk.0.mystery.weight", .f32, [4], [1, 2, 3, 4])
        },
        .init("type 999", .refused(["{t}", "999"])) { $0.tensor.type = 999 },
        .init("type Q4_K", .refused(["{t}", "Q4_K", "256"])) { file in
            file.tensor.type = TensorType.q4_K.rawValue
            file.tensor.dimensions[0] = 64
        },
        .init("5 dimensions", .refused(["{t}", "5 sizes"]), isOfTensors: true) {
            $0.tensor.dimensions += [1, 1, 1]
        },
        .init("a zero dimension", .refused(["{t}", "0]", "zero"]), isOfTensors: true) { $0.tensor.dimensions[1] = 0 },
        .init("one tensor less", .refused([]), isOfTensors: true) { file in
            file.setHeader(8, UInt64(file.writer.tensors.count - 1))
        },
        .init("a tensor of the first block less", .refused(["is missing"])) {
            $0.writer.tensors.remove(at: $0.target)
        },
        .init("weights not a number", .weights, isOfTensors: true) { $0.fill(0x7fc0_0000) },
        .init("weights of 1e38", .weights, isOfTensors: true) { $0.fill(Float(1e38).bitPattern) },
        .init("weights of zero", .weights, isOfTensors: true) { $0.fill(0) },
        .init("weights at random", .weights, isOfTensors: true) { $0.fill(0x3ea5_3c5a) },
    ]

    private static let layout: [ModelMutation] = [
        .init("alignment 0", .refused(["general.alignment is 0"])) { $0.set("general.alignment", .uint32(0)) },
        .init("alignment 3", .refused(["general.alignment is 3"])) { $0.set("general.alignment", .uint32(3)) },
        .init("alignment as int32", .refused(["general.alignment is an int32"])) {
            $0.set("general.alignment", .int32(32))
        },
        .init("key twice", .refused(["general.architecture", "twice"])) {
            $0.writer.add("general.architecture", .string("llama"))
        },
        .init("split.count 3", .refused(["file 1 of a model in 3 files"])) { file in
            file.set("split.count", .uint16(3))
            file.set("split.no", .uint16(0))
            file.set("split.tensors.count", .int32(Int32(file.writer.tensors.count)))
        },
        .init("no architecture", .refused(["general.architecture is missing"])) { $0.set("general.architecture", nil) },
        .init("architecture clip", .refused(["architecture clip is not supported"])) {
            $0.set("general.architecture", .string("clip"))
        },
        .init("name with markup and ESC", .same) { $0.set("general.name", .string("<b>\u{1b}[31mx</b>")) },
        .init("name not UTF-8", .refused(["general.name", "not valid UTF-8"])) { file in
            file.set("general.name", .string("zqzqzqzq"))
            file.bytes = { bytes in
                guard let place = bytes.indices.first(where: { bytes[$0...].starts(with: "zqzqzqzq".utf8) }) else {
                    return bytes
                }
                return bytes[..<place] + [0xff] + bytes[(place + 1)...]
            }
        },
        .init("licence of 100,000 bytes", .same) {
            $0.set("general.license", .string(String(repeating: "l", count: 100_000)))
        },
        .init("vocab_size less", .same) { $0.set("{a}.vocab_size", .uint32(63)) },
    ]

    // MARK: - Numbers of the metadata

    private static let numbers: [ModelMutation] = [
        .init("block_count 0", .refused(["{a}.block_count is 0"])) { $0.set("{a}.block_count", .uint32(0)) },
        .init("block_count 4e9", .refused(["{a}.block_count is 4000000000"])) {
            $0.set("{a}.block_count", .uint32(4_000_000_000))
        },
        .init("heads 0", .refused(["{a}.attention.head_count is 0"])) {
            $0.set("{a}.attention.head_count", .uint32(0))
        },
        .init("kv heads 0", .refused(["{a}.attention.head_count_kv is 0"])) {
            $0.set("{a}.attention.head_count_kv", .uint32(0))
        },
        .init("kv heads 5 of 6", .refused(["{a}.attention.head_count is 6", "5 key-value heads"])) { file in
            file.set("{a}.attention.head_count", .uint32(6))
            file.set("{a}.attention.head_count_kv", .uint32(5))
        },
        .init("context 0", .refused(["{a}.context_length is 0"])) { $0.set("{a}.context_length", .uint32(0)) },
        .init("context 2^32-1", .refused(["{a}.context_length is 4294967295"])) {
            $0.set("{a}.context_length", .uint32(.max))
        },
        .init("context 2^20", .other([])) { $0.set("{a}.context_length", .uint32(1 << 20)) },
        .init("epsilon NaN", .refused(["{a}.attention.layer_norm_rms_epsilon is nan"])) {
            $0.set("{a}.attention.layer_norm_rms_epsilon", .float32(.nan))
        },
        .init("epsilon 0", .refused(["{a}.attention.layer_norm_rms_epsilon is 0.0"])) {
            $0.set("{a}.attention.layer_norm_rms_epsilon", .float32(0))
        },
        .init("head size 17", .refused(["17"])) { file in
            file.set("{a}.attention.key_length", .uint32(17))
            file.set("{a}.attention.value_length", .uint32(17))
        },
        .init("head size 1040", .refused(["1040"])) { file in
            file.set("{a}.attention.key_length", .uint32(1040))
            file.set("{a}.attention.value_length", .uint32(1040))
        },
        .init("width 66", .refused(["66"])) { $0.set("{a}.embedding_length", .uint32(66)) },
        .init("width 2^17", .refused(["{a}.embedding_length is 131072"])) {
            $0.set("{a}.embedding_length", .uint32(1 << 17))
        },
    ]

    private static let rotation: [ModelMutation] = [
        .init("rope base 0", .refused(["{a}.rope.freq_base is 0.0"])) { $0.set("{a}.rope.freq_base", .float32(0)) },
        .init("rope scaling linear", .other([])) { file in
            file.set("{a}.rope.scaling.type", .string("linear"))
            file.set("{a}.rope.scaling.factor", .float32(3))
        },
        .init("rope scaling yarn", .other([])) { file in
            file.set("{a}.rope.scaling.type", .string("yarn"))
            file.set("{a}.rope.scaling.factor", .float32(3))
        },
        .init("rope_freqs tensor", .other(["tensor rope_f"])) {
            $0.writer.add("rope_freqs.weight", .f32, [8], [1, 1, 1, 1, 2, 2, 4, 8])
        },
    ]

    private static let parts: [ModelMutation] = [
        .init("attention bias", .other(["blk.", "attn_q.bias"])) { file in
            // In one block of several, or in one that has no such matrix; a model with one block of attention has it.
            file.writer.tensors.removeAll { $0.name == "blk.0.attn_q.bias" }
            if file.writer.tensors.contains(where: { $0.name.hasSuffix(".attn_q.bias") }) { return }
            let width = file.writer.tensors.first { $0.name == "blk.0.attn_q.weight" }?.dimensions[1] ?? 64
            file.writer.add("blk.0.attn_q.bias", .f32, [Int(width)], Array(repeating: 1, count: Int(width)))
        },
        .init("expert_count", .refused(["exp"])) { $0.set("{a}.expert_count", .uint32(7)) },
        .init("sliding_window", .other(["{a}.attention.sliding_window = 7"])) {
            $0.set("{a}.attention.sliding_window", .uint32(7))
        },
    ]

    // MARK: - The tokenizer

    private static let tokenizer: [ModelMutation] = [
        .init("token_type as uint8", .same) { file in
            file.set("tokenizer.ggml.token_type", .array(.integers(MutationVocabulary.kinds, .uint8)))
        },
        .init("token_type too short", .refused(["tokenizer.ggml.token_type has 5 elements for 64 tokens"])) {
            $0.set("tokenizer.ggml.token_type", .array(.integers([1, 1, 1, 1, 1], .int32)))
        },
        .init("eos out of range", .refused(["tokenizer.ggml.eos_token_id is 64", "64 tokens"])) {
            $0.set("tokenizer.ggml.eos_token_id", .uint32(64))
        },
        .init("no pre", .refused(["tokenizer.ggml.pre is missing"])) { $0.set("tokenizer.ggml.pre", nil) },
        .init("no merges", .refused(["tokenizer.ggml.merges is missing"])) { $0.set("tokenizer.ggml.merges", nil) },
        .init("no tokens", .refused(["tokenizer.ggml.tokens is missing"])) { $0.set("tokenizer.ggml.tokens", nil) },
        .init("merges that do not exist", .refused(["merge 0", "\"zz\" is not a token"])) {
            $0.set("tokenizer.ggml.merges", .array(.strings(["z z"])))
        },
        .init("scores not a number", .refused(["token 0", "score"])) { file in
            file.set("tokenizer.ggml.model", .string("llama"))
            file.set("tokenizer.ggml.scores", .array(.floats(MutationVocabulary.kinds.map { _ in .nan }, .float32)))
        },
        .init("chat_template", .same) { $0.set("tokenizer.chat_template", .string("{{ messages }}")) },
        .init("add_bos", .same) { $0.set("tokenizer.ggml.add_bos_token", .bool(true)) },
    ]

    // MARK: - The header

    private static let header: [ModelMutation] = [
        .init("version 1", .refused(["version 1"])) { $0.writer.version = 1 },
        .init("version 2", .same) { $0.writer.version = 2 },
        .init("version 99", .refused(["version 99"])) { $0.writer.version = 99 },
        .init("big-endian", .refused(["big-endian"])) { $0.writer.version = UInt32(3).byteSwapped },
        .init("2^62 tensors", .refused(["tensors is 4611686018427387904"])) { $0.setHeader(8, 1 << 62) },
        .init("2^62 keys", .refused(["keys is 4611686018427387904"])) { $0.setHeader(16, 1 << 62) },
        .init("empty file", .refused(["not a GGUF file"])) { file in file.bytes = { _ in [] } },
        .init("magic only", .refused(["file ends inside the version at byte 4"])) { file in
            file.bytes = { Array($0[..<4]) }
        },
        .init("ggjt", .refused(["not a GGUF file"])) { file in file.bytes = { Array("tjgg".utf8) + $0.dropFirst(4) } },
        .init("key of 2^63 bytes", .refused(["metadata key is 9223372036854775808"])) { $0.setHeader(24, 1 << 63) },
        .init("array of 2^61", .refused(["elements of a is 2305843009213693952"])) { file in
            file.bytes = { raw($0) + raw(key: "a", 9) + raw(UInt32(5)) + raw(UInt64(1) << 61) }
        },
        .init("arrays nested 20,000 deep", .refused(["metadata key a is an array of arrays"])) { file in
            file.bytes = { bytes in
                let level = raw(UInt32(9)) + raw(UInt64(1))
                return raw(bytes) + raw(key: "a", 9) + (0..<20_000).flatMap { _ in level }
            }
        },
        .init("HTML page", .refused(["not a GGUF file"])) { file in
            file.bytes = { _ in Array("<!doctype html><title>404</title>".utf8) }
        },
        .init("LFS pointer", .refused(["not a GGUF file"])) { file in
            file.bytes = { _ in Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n".utf8) }
        },
        .init("gzip", .refused(["not a GGUF file"])) { file in file.bytes = { [0x1f, 0x8b, 8, 0] + $0 } },
    ]

    private static func raw<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// The header of a file with one key.
    private static func raw(_ bytes: [UInt8]) -> [UInt8] { bytes[..<8] + raw(UInt64(0)) + raw(UInt64(1)) }

    private static func raw(key: String, _ type: UInt32) -> [UInt8] {
        raw(UInt64(key.utf8.count)) + Array(key.utf8) + raw(type)
    }
}

/// A vocabulary of 64 tokens, as many as the embedding of a golden model has rows.
enum MutationVocabulary {
    private static let tokens: [String] =
        (0x41...0x7a).map { String(Character(ByteAlphabet.scalars[$0])) } + [
            "he", "ll", "<|a|>", "<|b|>", "<|c|>", "<|d|>",
        ]
    static let kinds: [Int64] = tokens.indices.map { $0 < 60 ? 1 : 3 }

    static func add(to writer: inout GGUFWriter) {
        writer.add("tokenizer.ggml.model", .string("gpt2"))
        writer.add("tokenizer.ggml.pre", .string("qwen2"))
        writer.add("tokenizer.ggml.tokens", .array(.strings(tokens)))
        writer.add("tokenizer.ggml.token_type", .array(.integers(kinds, .int32)))
        writer.add("tokenizer.ggml.merges", .array(.strings(["h e", "l l"])))
        writer.add("tokenizer.ggml.eos_token_id", .uint32(60))
    }
}
