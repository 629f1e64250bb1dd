import Foundation
import GGUF
import SeededRandom
import TestSupport
import Testing

@testable import Tokenizers

private let vocabularyFolder = ProcessInfo.processInfo.environment["SERIN_VOCABULARIES"]

/// Real vocabularies against the ids that their own tokenizers give. They carry their models' licences and are not in
/// this repository: `SERIN_VOCABULARIES` names a folder with llama.cpp's `ggml-vocab-*.gguf`, `.inp` and `.out`.
///
/// llama.cpp itself differs from the original tokenizers here and there, and these tests follow the originals. Compared
/// on 1,578 lines of 99 languages and code and 3,000 random texts, special tokens parsed or not, with every vocabulary
/// below: all ids are the same but for
/// - `tekken` and `gpt-4o`: it does not take combining marks into words (10 of the lines, 58 of the random texts);
/// - `deepseek-llm`: it takes U+3000 for a space only (8 random texts);
/// - SmolLM2's own vocabulary: what stands beside a byte that is dropped does not merge (1 random text).
///
/// The tokens that end an answer are the same but for `</s>` where it is a token like any other (Qwen).
@Suite(.enabled(if: vocabularyFolder != nil, "SERIN_VOCABULARIES is not set"))
struct VocabularyTests {
    static let names = [
        "gpt-2", "mpt", "llama-bpe", "qwen2", "qwen35", "starcoder", "refact", "command-r", "falcon", "deepseek-llm",
        "deepseek-coder", "llama-spm", "phi-3", "gemma-4",
    ]

    @Test(arguments: names)
    func idsAreThoseOfTheOriginal(name: String) throws { try compare(name) }

    /// Those that llama.cpp has no vectors for: `bin/tokenizer-vectors` makes them, with another program that cuts.
    @Test(arguments: ["smollm", "default", "tekken", "gpt-4o"].filter(isThere))
    func idsAreThoseOfTheExpressions(name: String) throws { try compare(name) }

    private static func isThere(_ name: String) -> Bool {
        FileManager.default.isReadableFile(atPath: "\(vocabularyFolder ?? "")/ggml-vocab-\(name).gguf.out")
    }

    private func compare(_ name: String) throws {
        let base = try #require(vocabularyFolder) + "/ggml-vocab-\(name).gguf"
        let tokenizer = try Tokenizer(GGUFFile(path: base))
        // In bytes: a text may end in a carriage return, which a string does not part from the line feed after it.
        var rest = try Data(contentsOf: URL(filePath: base + ".inp"))[...]
        let separator = Data("\n__ggml_vocab_test__\n".utf8)
        var texts: [String] = []
        while let found = rest.range(of: separator) {
            texts.append(String(decoding: rest[..<found.lowerBound], as: UTF8.self))
            rest = rest[found.upperBound...]
        }
        texts.append(String(decoding: rest, as: UTF8.self))
        let lines = try String(contentsOfFile: base + ".out", encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        #expect(texts.count > 40)
        for (text, line) in zip(texts, lines) {
            let expected = line.split(separator: " ").compactMap { Int($0) }
            let encoded = tokenizer.encode([TextPart(text, specials: .plainText)])
            #expect(encoded.tokens == expected, "\(text.debugDescription)")
            #expect(encoded.droppedByteCount == 0)
            #expect(Array(tokenizer.decode(expected).utf8) == Array(text.utf8))
        }
    }

    /// Random texts of bytes that the vocabulary has come back: a few hundred, a million together in the slow run.
    @Test(arguments: names)
    func textsRoundTrip(name: String) throws {
        let tokenizer = try Tokenizer(GGUFFile(path: #require(vocabularyFolder) + "/ggml-vocab-\(name).gguf"))
        let missing = Set(tokenizer.facts.missingBytes)
        var random = SplitMix64(seed: 7)
        for _ in 0..<(Checkout.isFullRun ? 1_000_000 / Self.names.count : 200) {
            let text = RandomText.make(&random)
            let tokens = tokenizer.encode(text, specials: .plainText)
            guard missing.isDisjoint(with: text.utf8) else { continue }
            guard Array(tokenizer.decode(tokens).utf8) == Array(text.utf8) else {
                Issue.record("\(text.debugDescription)")
                return
            }
        }
    }

    /// Vocabularies without vectors: they load, or the message says what is missing.
    @Test(
        arguments: [
            ("baichuan", nil), ("aquila", "tokenizer.ggml.pre is missing"),
            ("gpt-neox", "tokenizer.ggml.pre is missing"),
            ("bert-bge", "tokenizer bert is not supported"), ("nomic-bert-moe", "tokenizer t5 is not supported"),
        ] as [(String, String?)]
    )
    func othersLoadOrAreNamed(name: String, expected: String?) throws {
        let file = try GGUFFile(path: #require(vocabularyFolder) + "/ggml-vocab-\(name).gguf")
        do {
            let tokenizer = try Tokenizer(file)
            #expect(expected == nil)
            let text = "Hello, world! 你好 🙂\n"
            #expect(tokenizer.decode(tokenizer.encode(text, specials: .plainText)) == text)
        } catch {
            #expect("\(error)".contains(try #require(expected)))
        }
    }
}
