@testable import GGUF
@testable import Tokenizers

/// A tokenizer of one of the kinds that models have, small enough to see through.
struct TokenizerFixture {
    var writer = GGUFWriter()
    let tokens: [String]

    func tokenizer() throws -> Tokenizer { try Tokenizer(GGUFFile(bytes: writer.bytes())) }

    /// Byte-level BPE that cuts text as `preTokenizer` does.
    static func byteLevel(_ preTokenizer: String) -> Self {
        let merges = ["h e", "l l", "he ll", "hell o", "Ġ w", "Ġ t", "Ġt he", "1 2", "Ã ¼", "Ġ Ġ"]
        let normal = ByteAlphabet.scalars.map { String(Character($0)) } + merges.map(joined)
        return Self(
            "gpt2",
            normal + ["<|end|>", "<b>"],
            kinds: normal.map { _ in 1 } + [3, 4],
            more: [("pre", .string(preTokenizer)), ("merges", .array(.strings(merges)))]
        )
    }

    /// BPE by scores over characters.
    static func sentencePiece() -> Self {
        let pieces = ["▁t", "he", "▁the", "▁", "e", "h", "l", "o", "▁▁", "\n", "日", "本", "日本"]
        return characters(
            "llama",
            pieces,
            more: [
                ("scores", .array(.floats((0..<256 + 3 + pieces.count + 1).map { -Double($0) }, .float32)))
            ]
        )
    }

    /// BPE by merges over characters.
    static func gemma() -> Self {
        let merges = ["h e", "▁ t", "▁t he", "▁ ▁", "日 本"]
        let pieces = ["▁", "e", "h", "t", "日", "本"] + merges.map(joined)
        return characters(
            "gemma4",
            pieces,
            more: [("merges", .array(.strings(merges))), ("bos_token_id", .uint32(1))]
        )
    }

    private static func characters(_ model: String, _ pieces: [String], more: [(String, GGUFValue)]) -> Self {
        let bytes = (0...255).map { "<0x\($0 < 16 ? "0" : "")\(String($0, radix: 16, uppercase: true))>" }
        return Self(
            model,
            ["<unk>", "<s>", "</s>"] + bytes + pieces + ["<b>"],
            kinds: [2, 3, 3] + bytes.map { _ in 6 } + pieces.map { _ in 1 } + [4],
            more: more
        )
    }

    private static func joined(_ merge: String) -> String { merge.split(separator: " ").joined() }

    private init(_ model: String, _ tokens: [String], kinds: [Int64], more: [(String, GGUFValue)]) {
        self.tokens = tokens
        writer.add("tokenizer.ggml.model", .string(model))
        writer.add("tokenizer.ggml.tokens", .array(.strings(tokens)))
        writer.add("tokenizer.ggml.token_type", .array(.integers(kinds, .int32)))
        for (key, value) in more { writer.add("tokenizer.ggml.\(key)", value) }
    }
}
