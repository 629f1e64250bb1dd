import Foundation
import GGUF
import Testing

@testable import Inference

private let vocabularyFolder = ProcessInfo.processInfo.environment["SERIN_VOCABULARIES"]

/// Real vocabularies against the ids that their own tokenizers give. They carry their models' licences and are not in
/// this repository: `SERIN_VOCABULARIES` names a folder with llama.cpp's `ggml-vocab-*.gguf`, `.inp` and `.out`.
@Suite(.enabled(if: vocabularyFolder != nil, "SERIN_VOCABULARIES is not set"))
struct VocabularyTests {
    @Test(arguments: ["gpt-2", "llama-bpe", "qwen2"])
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
            #expect(tokenizer.encode(text, specials: .plainText) == expected, "\(text.debugDescription)")
            #expect(tokenizer.decode(expected) == text)
        }
    }
}
