@testable import GGUF

/// A small file with every kind of value and every supported tensor type.
enum SmallFile {
    static let metadata: [(String, GGUFValue)] = [
        ("general.architecture", .string("llama")),
        ("general.name", .string("größe")),
        ("general.license", .string("apache-2.0")),
        ("a.uint8", .uint8(200)), ("a.int8", .int8(-100)), ("a.uint16", .uint16(60_000)),
        ("a.int16", .int16(-30_000)), ("a.uint32", .uint32(4_000_000_000)), ("a.int32", .int32(-2_000_000_000)),
        ("a.uint64", .uint64(.max)), ("a.int64", .int64(.min)), ("a.float32", .float32(1.5)),
        ("a.float64", .float64(-2.25)), ("a.bool", .bool(true)), ("a.empty", .string("")),
        ("a.ints", .array(.integers([1, -2, 3], .int16))), ("a.longs", .array(.integers([1 << 40], .uint64))),
        ("a.floats", .array(.floats([0.5, -1], .float32))), ("a.bools", .array(.bools([true, false]))),
        ("a.strings", .array(.strings(["", "ab", "ü"]))), ("a.none", .array(.strings([]))),
        ("llama.context_length", .uint32(64)), ("llama.block_count", .uint32(1)),
        ("llama.embedding_length", .uint32(32)), ("llama.attention.head_count", .uint32(2)),
        ("llama.attention.head_count_kv", .uint32(1)),
        ("tokenizer.ggml.model", .string("gpt2")), ("tokenizer.ggml.pre", .string("qwen2")),
    ]

    static func writer() -> GGUFWriter {
        var writer = GGUFWriter()
        for (key, value) in metadata { writer.add(key, value) }
        let ramp = (0..<64).map { Float($0 - 32) / 8 }
        writer.add("token_embd.weight", .q8_0, [32, 2], ramp)
        writer.add("a.f32", .f32, [3], [1, -2, .pi])
        writer.add("a.f16", .f16, [2, 2, 1, 1], [1, 0.1, -65_504, 6e-8])
        writer.add("a.bf16", .bf16, [4], [1, 0.1, -3e38, 1e-30])
        writer.add("a.q4_0", .q4_0, [64], ramp)
        return writer
    }
}
