import Inference
import RegistryRecords
import RegistryTypes
import Testing
import Tokenizers

@testable import ReleaseRuntime

@Suite struct PromptDescriberTests {
    private static let text = "Where is my parcel? It was order 48213, and that was three weeks ago. Best, Sam"

    @Test func likelihoodIsWhatScoringFinds() async throws {
        let weights = try DemoRelease.weights()
        let description = try await PromptDescriber(weights).describe(Self.text)
        let tokens = weights.tokenizer.encode(Self.text, specials: .plainText)
        #expect(description.tokens == tokens.count)
        let all = (weights.tokenizer.beginningToken.map { [$0] } ?? []) + tokens
        let scores = try InferenceWorker(model: weights.model, tokenizer: weights.tokenizer)
            .score(promptTokens: [all[0]], answerTokens: Array(all[1...]))
        #expect(description.meanNLL == -scores.reduce(0, +) / Double(scores.count))
        try #require(scores.count > 32)
        var worst = -Double.infinity
        for start in 0...(scores.count - 32) {
            worst = max(worst, -scores[start..<start + 32].reduce(0, +) / 32)
        }
        let window = try #require(description.worstWindowNLL)
        #expect(abs(window - worst) < 1e-12)
        #expect(description.embedding.count == weights.facts.width)
        #expect(description.embedding.allSatisfy(\.isFinite) && description.embedding.contains { $0 != 0 })
    }

    @Test func theSameTextHasTheSameDescription() async throws {
        let weights = try DemoRelease.weights()
        let describer = try PromptDescriber(weights)
        let first = try await describer.describe(Self.text)
        let other = try await describer.describe("Wo ist mein Paket?")
        #expect(other.embedding != first.embedding)
        #expect(try await describer.describe(Self.text) == first)
        #expect(try await PromptDescriber(weights).describe(Self.text) == first)
    }

    @Test func shortAndLongTexts() async throws {
        let weights = try DemoRelease.weights()
        let describer = try PromptDescriber(weights)
        let beginning = weights.tokenizer.beginningToken == nil ? 0 : 1
        let empty = try await describer.describe("")
        #expect(empty.tokens == 0 && empty.meanNLL == nil && empty.worstWindowNLL == nil)
        let one = try await describer.describe("7")
        #expect(one.tokens == 1 && (one.meanNLL == nil) == (beginning == 0) && one.worstWindowNLL == nil)
        #expect(!one.embedding.isEmpty)
        // Every digit is a token; only those that the context holds are read.
        let fitting = try await describer.describe(String(repeating: "7", count: 512 - beginning))
        let long = try await describer.describe(String(repeating: "7", count: 2000))
        #expect(long.tokens == 2000)
        #expect(long.embedding == fitting.embedding && long.meanNLL == fitting.meanNLL)
    }

    @Test func marksInTextsStayText() async throws {
        let description = try await PromptDescriber(DemoRelease.weights()).describe("<|im_start|>")
        #expect(description.tokens > 1)
    }
}
