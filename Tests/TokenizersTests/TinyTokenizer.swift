import SeededRandom

@testable import GGUF
@testable import Tokenizers

/// A model file with a tokenizer and nothing else, small enough to see through.
struct TinyTokenizer {
    var writer = GGUFWriter()

    /// Merges of the byte-level one, in the byte alphabet (`Ġ` is a space).
    static let merges = [
        "h e", "l l", "he ll", "hell o", "Ġ w", "o r", "Ġw or", "Ġwor l", "Ġworl d", "Ġ t", "Ġt he", "i n", "Ġ a",
        "e r", "Ã ¼", "1 2", "12 3", "Ġ Ġ",
    ]
    static let specials = ["<|im_start|>", "<|im_end|>", "<|endoftext|>"]

    /// Tokens of the byte-level one: the 256 bytes, what the merges make, then the special ones.
    static let tokens: [String] =
        ByteAlphabet.scalars.map { String(Character($0)) }
        + merges.map { $0.split(separator: " ").joined() } + specials

    /// Pieces of the ones over characters, the best first.
    static let pieces = [
        "▁t", "he", "▁the", "ll", "▁he", "▁hell", "▁hello", "or", "▁wor", "▁", "e", "h", "l", "o", "r", "t", "w", "▁▁",
        "\n", "\n\n", "日", "本", "日本", "▁日本",
    ]
    static let byteTokens = (0...255).map { "<0x\($0 < 16 ? "0" : "")\(String($0, radix: 16, uppercase: true))>" }

    /// Byte-level BPE.
    static func byteLevel(_ preTokenizer: String = "qwen2", tokens: [String] = tokens) -> TinyTokenizer {
        var tiny = TinyTokenizer()
        let special = Self.tokens.count - specials.count
        tiny.set("model", .string("gpt2"))
        tiny.set("pre", .string(preTokenizer))
        tiny.set("tokens", .array(.strings(tokens)))
        tiny.set("token_type", .array(.integers(tokens.indices.map { $0 < special ? 1 : 3 }, .int32)))
        tiny.set("merges", .array(.strings(merges)))
        tiny.set("eos_token_id", .uint32(UInt32(special + 1)))
        return tiny
    }

    /// BPE by scores over characters: unknown, beginning and end, the bytes, the pieces and what else is wanted.
    static func sentencePiece(_ more: [(text: String, kind: Int64)] = [], withBytes: Bool = true) -> TinyTokenizer {
        var tiny = TinyTokenizer()
        tiny.set("model", .string("llama"))
        tiny.setCharacters(more, withBytes: withBytes)
        let count = 3 + (withBytes ? 256 : 0)
        let scores = Array(repeating: 0.0, count: count) + pieces.indices.map { -Double($0) } + more.map { _ in -1000 }
        tiny.set("scores", .array(.floats(scores, .float32)))
        return tiny
    }

    /// BPE by merges over characters.
    static func gemma(_ more: [(text: String, kind: Int64)] = []) -> TinyTokenizer {
        var tiny = TinyTokenizer()
        tiny.set("model", .string("gemma4"))
        tiny.setCharacters(more, withBytes: true)
        tiny.set(
            "merges",
            .array(.strings(["▁ t", "h e", "▁t he", "l l", "▁ he", "▁he ll", "▁hell o", "o r", "▁ ▁", "日 本", "▁ 日本"]))
        )
        tiny.set("bos_token_id", .uint32(1))
        return tiny
    }

    private mutating func setCharacters(_ more: [(text: String, kind: Int64)], withBytes: Bool) {
        let bytes = withBytes ? Self.byteTokens : []
        set("tokens", .array(.strings(["<unk>", "<s>", "</s>"] + bytes + Self.pieces + more.map(\.text))))
        let kinds: [Int64] = [2, 3, 3] + bytes.map { _ in 6 } + Self.pieces.map { _ in 1 } + more.map(\.kind)
        set("token_type", .array(.integers(kinds, .int32)))
    }

    /// Writes a key, or takes it away.
    mutating func set(_ key: String, _ value: GGUFValue?) {
        writer.metadata.removeAll { $0.key == "tokenizer.ggml.\(key)" }
        if let value { writer.add("tokenizer.ggml.\(key)", value) }
    }

    func tokenizer() throws -> Tokenizer { try Tokenizer(GGUFFile(bytes: writer.bytes())) }
}

/// Valid text of any scalars, short and long ones alike.
enum RandomText {
    static func make(_ random: inout SplitMix64) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...40, using: &random) {
            let limit: UInt32 = [128, 128, 0x800, 0x10000, 0x110000].randomElement(using: &random) ?? 128
            let value = UInt32.random(in: 0..<limit, using: &random)
            // U+2581 is a blank in the tokens of two kinds and comes back as one.
            if let scalar = Unicode.Scalar(value), value != 0x2581 { text.append(scalar) }
        }
        return String(text)
    }
}

extension Tokenizer {
    /// The tokens of a text as they are written, special ones too.
    func spelled(_ text: String, specials: SpecialTokens = .plainText) -> [String] {
        encode(text, specials: specials).map { String(decoding: bytes(of: $0), as: UTF8.self) }
    }
}
