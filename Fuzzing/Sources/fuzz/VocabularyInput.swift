@testable import GGUF
@testable import Tokenizers

/// A vocabulary from the input: the first byte chooses the kind and whether every byte has a token; the first part is
/// the text, each of the rest a token (its first byte is its type and its score) or, after a tab, a merge.
enum VocabularyInput {
    static func read(_ bytes: [UInt8]) -> Int32 {
        guard let input = InputParts(bytes) else { return -1 }
        let models = TokenizerModel.allCases, cutters = PreTokenizer.allCases
        let model = models[input.choice % models.count]
        let cutter = cutters[input.choice / models.count % cutters.count]
        let isByteLevel = model == .gpt2 && cutter != .gemma4
        var tokens: [String] = [], kinds: [Int64] = [], scores: [Double] = [], merges: [String] = []
        if input.choice < 128 {
            for byte in 0...255 {
                let digits = "\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
                tokens.append(isByteLevel ? String(Character(ByteAlphabet.scalars[byte])) : "<0x\(digits)>")
                kinds.append(isByteLevel ? 1 : 6)
                scores.append(0)
            }
        }
        for part in input.parts.dropFirst() {
            guard let first = part.first else { continue }
            let text = String(decoding: part.dropFirst(), as: UTF8.self)
            if first == 0x09 {
                merges.append(text)
            } else {
                tokens.append(text)
                kinds.append(Int64(first % 8))
                scores.append(Double(Int8(bitPattern: first)))
            }
        }
        var writer = GGUFWriter()
        writer.add("tokenizer.ggml.model", .string(model.rawValue))
        writer.add("tokenizer.ggml.pre", .string(cutter.names.first ?? ""))
        writer.add("tokenizer.ggml.tokens", .array(.strings(tokens)))
        writer.add("tokenizer.ggml.token_type", .array(.integers(kinds, .int32)))
        writer.add("tokenizer.ggml.scores", .array(.floats(scores, .float32)))
        writer.add("tokenizer.ggml.merges", .array(.strings(merges)))
        do {
            let tokenizer = try Tokenizer(GGUFFile(bytes: writer.bytes()))
            TokenizerInput.check(tokenizer, [input.text(0)], hasEveryByte: false)
        } catch {
            promiseReadable("\(error)")
        }
        return 0
    }

    static var seeds: [[UInt8]] {
        let parts = [
            "hello <b>", "\u{1}he", "\u{1}ll", "\u{4}<b>", "\u{3}<s>", "\u{2}<unk>", "\th e", "\tl l", "\u{1}▁h",
        ]
        return (0..<TokenizerModel.allCases.count * 4).map { InputParts.bytes(UInt8($0), parts) }
            + [0, 1, 2].map { InputParts.bytes(128 + $0, parts + ["\u{1}h", "\u{1}e", "\u{1}l", "\u{1}▁"]) }
    }
}
