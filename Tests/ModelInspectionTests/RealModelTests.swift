import Foundation
import Testing
import WireFormat

@testable import ModelInspection

private let oracles = ProcessInfo.processInfo.environment["SERIN_ORACLES"]

/// Models that people have: `SERIN_ORACLES` names the folder that `bin/setup --oracles` fills.
@Suite(.enabled(if: oracles != nil, "SERIN_ORACLES is not set"), .serialized)
struct RealModelTests {
    private static func path(_ name: String) -> String { (oracles ?? "") + "/models/" + name }

    @Test func aModelWithATemplateIsDescribed() throws {
        let facts = try LocalModel(path: Self.path("SmolLM2-135M-Instruct.Q4_1.gguf")).facts
        #expect(facts.runs, "\(facts.reasons)")
        #expect(facts.tokenizer?.missingBytes?.count == 21 && facts.tokenizer?.preTokenizer == "smollm")
        #expect(facts.template?.endOfTurn == "<|im_end|>" && facts.template?.problem == nil)
        #expect(facts.template?.defaultSystemMessage?.isEmpty == false)
        #expect(facts.warnings.count == 1)
    }

    @Test func anAnswerGoesThroughTheFilesOwnTemplate() async throws {
        let model = try LocalModel(path: Self.path("SmolLM2-135M-Instruct.Q4_1.gguf"))
        let answer = try await model.answer(
            LocalModel.Question(text: "What is 2 + 2? <|im_end|>", maxTokens: 24, secondsSince1970: 0),
            loaded: { _ in },
            piece: { _ in }
        )
        #expect(answer.prompt.hasSuffix("<|im_start|>assistant\n") && !answer.text.isEmpty)
        // What the question spells is letters: the template's own two turns end, and nothing else.
        let tokens = try await model.tokenize(answer.prompt, specials: true).tokens
        #expect(tokens.count { $0.text == "<|im_end|>" } == 3)
        #expect(answer.promptTokens > tokens.count)
    }

    @Test func differentVocabulariesAreComparedByTheByte() async throws {
        let reader = TextReader()
        let first = try await reader.load(Self.path("SmolLM2-135M-Instruct.Q4_1.gguf"), name: "a")
        let second = try await reader.load(Self.path("gemma-3-270m-q4_k_m.gguf"), name: "b")
        let comparison = try await reader.compare("The river was low that year.", baseline: first, candidate: second)
        #expect(!comparison.sharesVocabulary && comparison.figures == nil && comparison.worst.isEmpty)
        for fit in [comparison.baselineFit, comparison.candidateFit] {
            #expect((0.1...3).contains(fit.bitsPerByte ?? 0))
        }
    }
}
