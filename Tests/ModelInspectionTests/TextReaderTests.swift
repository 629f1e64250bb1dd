import Foundation
import ReleaseRuntime
import Synchronization
import TestSupport
import Testing
import WireFormat

@testable import ModelInspection

/// Texts read by the demo's models: v1, and two copies of it, one of them broken.
@Suite struct TextReaderTests {
    private static func model(_ version: String) throws -> ReadingModel {
        let path = Checkout.demo.appending(path: "\(version)/model.gguf").path
        return ReadingModel(version, try LoadedWeights(path: path))
    }

    private static let text = String(
        repeating: #"{"intent":"track","order":"48213","priority":"low"}"# + "\n",
        count: 40
    )

    @Test func aModelBesideItselfIsExactlyTheSame() async throws {
        let model = try Self.model("v1")
        let comparison = try await TextReader().compare(Self.text, baseline: model, candidate: model)
        let figures = try #require(comparison.figures)
        #expect(comparison.sharesVocabulary && comparison.worst.isEmpty)
        #expect(figures.maxDivergence == 0 && figures.meanDivergence == 0 && figures.divergenceError == 0)
        #expect(figures.agreement == 1 && figures.firstDivergence == nil && figures.perplexityRatio == 1)
        #expect(comparison.baselineFit == comparison.candidateFit)
        // More tokens than a context holds: read in windows, each token but the first once.
        let tokens = model.tokens(of: Self.text)
        #expect(tokens.count > 512)
        #expect(figures.places == tokens.count - (model.beginning.isEmpty ? 1 : 0))
        #expect(figures.stretches.reduce(0) { $0 + $1.places } == figures.places)
    }

    @Test func theBrokenCopyIsFurtherAwayThanTheGoodOne() async throws {
        let (first, second, third) = (try Self.model("v1"), try Self.model("v2"), try Self.model("v3"))
        let reader = TextReader()
        let broken = try #require(try await reader.compare(Self.text, baseline: first, candidate: second).figures)
        let good = try #require(try await reader.compare(Self.text, baseline: first, candidate: third).figures)
        #expect(broken.meanDivergence > 2 * good.meanDivergence)
        #expect(good.agreement > broken.agreement)
        for figures in [broken, good] {
            #expect(figures.divergenceByPercent.count == 101)
            #expect(figures.divergenceByPercent == figures.divergenceByPercent.sorted())
            #expect(figures.divergenceByPercent.last == figures.maxDivergence)
            #expect(figures.medianDivergence <= figures.divergence99)
            let interval = try #require(figures.agreementInterval)
            #expect(interval.low <= figures.agreement && figures.agreement <= interval.high)
            let ratio = try #require(figures.perplexityRatioInterval)
            #expect(ratio.low <= figures.perplexityRatio && figures.perplexityRatio <= ratio.high)
        }
    }

    @Test func theSameQuestionGivesTheSameBits() async throws {
        let (first, second) = (try Self.model("v1"), try Self.model("v2"))
        let once = try await TextReader().compare(Self.text, baseline: first, candidate: second)
        #expect(try await TextReader().compare(Self.text, baseline: first, candidate: second) == once)
        // What one says alone it says beside another, too.
        let alone = try await TextReader().score(Self.text, by: first)
        #expect(alone.fit == once.baselineFit)
        #expect(alone.tokens.map(\.text).joined() == Self.text)
        #expect(alone.tokens.count { $0.logProbability == nil } <= 1)
    }

    @Test func answersAreReadAfterThePromptsOfEach() async throws {
        let model = try Self.model("v1")
        let answer = PairedAnswer(baselinePrompt: [1, 2, 3], candidatePrompt: [3], tokens: [4, 5, 6], text: "abc")
        let comparison = try await TextReader().compare(
            [answer, answer],
            words: "two answers",
            baseline: model,
            candidate: model
        )
        #expect(comparison.textCount == 2 && comparison.figures?.places == 6)
        #expect(comparison.figures?.stretches.map(\.first) == [1, 2, 3])
        #expect((comparison.figures?.maxDivergence ?? 0) > 0)
    }

    @Test(arguments: ["", "a"])
    func aTextTooShortToBeForeseenSaysNothing(text: String) async throws {
        let model = try Self.model("v1")
        let score = try await TextReader().score(text, by: model)
        if model.beginning.isEmpty {
            #expect(score.fit.tokens == 0 && score.fit.perplexity == nil && score.fit.bitsPerByte == nil)
            let comparison = try await TextReader().compare(text, baseline: model, candidate: model)
            #expect(comparison.figures == nil && comparison.worst.isEmpty)
        }
    }

    @Test func progressReachesItsEndAndACancelledReadingStops() async throws {
        let model = try Self.model("v1")
        let seen = Mutex<[(Int, Int)]>([])
        _ = try await TextReader().score(Self.text, by: model) { done, total in
            seen.withLock { $0.append((done, total)) }
        }
        let steps = seen.withLock { $0 }
        #expect(steps.first?.0 == 0 && steps.last.map { $0.0 == $0.1 } == true)
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.0 <= $1.0 })

        let task = Task { try await TextReader().score(Self.text, by: model) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
