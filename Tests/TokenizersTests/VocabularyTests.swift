import Foundation
import GGUF
import Testing

@testable import Tokenizers

private let vocabularyFolder = ProcessInfo.processInfo.environment["SERIN_VOCABULARIES"]

/// Real vocabularies against the ids that their own tokenizers give. They carry their models' licences and are not in
/// this repository: `SERIN_VOCABULARIES` names a folder with llama.cpp's `ggml-vocab-*.gguf`, `.inp` and `.out`.
@Suite(.enabled(if: vocabularyFolder != nil, "SERIN_VOCABULARIES is not set"))
struct VocabularyTests {
    @Test(arguments: [
        "gpt-2", "mpt", "llama-bpe", "qwen2", "qwen35", "starcoder", "refact", "command-r", "falcon", "deepseek-llm",
        "deepseek-coder", "llama-spm", "phi-3", "gemma-4",
    ])
    func idsAreThoseOfTheOriginal(name: String) throws {
        let base = try #require(vocabularyFolder) + "/ggml-vocab-\(name).gguf"
        let tokenizer = try Tokenizer(GGUFFile(path: base))
        let texts = try String(contentsOfFile: base + ".inp", encoding: .utf8)
            .components(separatedBy: "\n__ggml_vocab_test__\n")
        let lines = try String(contentsOfFile: base + ".out", encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        #expect(texts.count > 40)
        for (text, line) in zip(texts, lines) {
            let expected = line.split(separator: " ").compactMap { Int($0) }
            let encoded = tokenizer.encode([TextPart(text, specials: .plainText)])
            #expect(encoded.tokens == expected, "\(text.debugDescription)")
            #expect(encoded.droppedByteCount == 0)
            #expect(tokenizer.decode(expected) == text)
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
