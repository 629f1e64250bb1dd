import Foundation
import GGUF
import Testing
import Tokenizers

@testable import Inference

/// Texts read by one model and by two in step.
@Suite struct TokenScorerTests {
    private static func model(_ tiny: TinyModel = TinyModel()) throws -> LanguageModel {
        try LanguageModel(tiny.file())
    }

    @Test(arguments: [1, 5, 64], InstructionSet.allCases.filter(\.isAvailable))
    func theBitsAreThoseOfScoring(batchRows: Int, instructions: InstructionSet) throws {
        let tokens = ForwardPassTests.someTokens(50)
        let scorer = try TokenScorer(Self.model(), batchRows: batchRows, instructions: instructions)
        let scores = try scorer.score(Array(tokens[9...]), after: Array(tokens[..<9]))
        let expected = try TinyModel().worker().score(
            promptTokens: Array(tokens[..<9]),
            answerTokens: Array(tokens[9...])
        )
        #expect(scores.map(\.logProbability) == expected)
    }

    @Test(arguments: [TensorType.q8_0, .q4_0, .f16])
    func aModelBesideItselfIsExactlyTheSame(type: TensorType) throws {
        let tokens = ForwardPassTests.someTokens(40)
        let model = try Self.model(TinyModel(type: type))
        let pairs = try TokenScorer.compare(
            Array(tokens[1...]),
            after: ([tokens[0]], [tokens[0]]),
            baseline: TokenScorer(model, batchRows: 7),
            candidate: TokenScorer(model, batchRows: 64)
        )
        #expect(pairs.count == 39)
        for pair in pairs {
            #expect(pair.divergence == 0)
            #expect(pair.baseline == pair.candidate)
        }
    }

    @Test func divergenceAndRankAreWhatTheLogitsSay() throws {
        let tokens = ForwardPassTests.someTokens(24)
        let tinies = [TinyModel(type: .f32), TinyModel(type: .f32, seed: 2)]
        let references = try tinies.map { try ReferenceModel($0.file()).logits(tokens) }
        let pairs = try TokenScorer.compare(
            Array(tokens[1...]),
            after: ([tokens[0]], [tokens[0]]),
            baseline: TokenScorer(Self.model(tinies[0])),
            candidate: TokenScorer(Self.model(tinies[1]))
        )
        func logs(_ logits: [Double]) -> [Double] {
            let largest = logits.max() ?? 0
            let sum = log(logits.reduce(0) { $0 + exp($1 - largest) })
            return logits.map { $0 - largest - sum }
        }
        for (place, pair) in pairs.enumerated() {
            let (p, q) = (logs(references[0][place]), logs(references[1][place]))
            let expected = zip(p, q).reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) }
            #expect(abs(pair.divergence - expected) < 1e-3 * max(1, expected))
            let likelier = p.count { $0 > p[tokens[place + 1]] + 1e-5 }
            let asLikely = p.count { $0 > p[tokens[place + 1]] - 1e-5 }
            #expect((likelier + 1...max(likelier + 1, asLikely)).contains(pair.baseline.rank))
            #expect(p[pair.baseline.mostLikely] > (p.max() ?? 0) - 1e-4)
        }
    }

    @Test func eachMayHaveAPromptOfItsOwn() throws {
        let tokens = ForwardPassTests.someTokens(30), model = try Self.model()
        let answer = Array(tokens[20...])
        let pairs = try TokenScorer.compare(
            answer,
            after: (Array(tokens[..<20]), Array(tokens[10..<20])),
            baseline: TokenScorer(model),
            candidate: TokenScorer(model)
        )
        let alone = try TokenScorer(model).score(answer, after: Array(tokens[10..<20]))
        #expect(pairs.map(\.candidate) == alone)
        #expect(pairs.contains { $0.divergence > 0 })
    }

    @Test func whatCannotBeReadIsRefused() throws {
        let scorer = try TokenScorer(Self.model(), maxTokens: 8)
        #expect(throws: InferenceError.emptyPrompt) { try scorer.score([1], after: []) }
        #expect(throws: InferenceError.promptTooLong(tokens: 9, contextLength: 8)) {
            try scorer.score(Array(repeating: 1, count: 8), after: [1])
        }
        let size = TinyModel().vocabularySize
        #expect(throws: InferenceError.tokenOutOfRange(id: size, vocabularySize: size)) {
            try scorer.score([size], after: [1])
        }
        #expect(try scorer.score([], after: [1]).isEmpty)
        struct Enough: Error {}
        #expect(throws: Enough.self) { try scorer.score([1, 2], after: [1]) { throw Enough() } }
        // What was thrown away left the pages free for the next text.
        #expect(try scorer.score(Array(repeating: 1, count: 7), after: [1]).count == 7)
    }

    @Test(arguments: [TensorType.f32, .q8_0, .q4_0])
    func memoryIsToldBeforeLoading(type: TensorType) throws {
        let file = try TinyModel(type: type).file()
        let model = try LanguageModel(file)
        let needs = MemoryNeeds(try ModelDescription(file), file)
        #expect(needs.weightBytes == model.weightBytes)
        #expect(needs.bytesPerToken * KVPages.pageTokens == KVPages.pageBytes(model))
        #expect(needs.bytesPerSequence == 0)
    }

    @Test func allReasonsAreGivenAtOnce() throws {
        #expect(try HeaderCheck.reasons(against: TinyModel().file()).isEmpty)
        var writer = TinyModel(preTokenizer: "unheard-of").writer()
        writer.add("llama.attention.max_alibi_bias", .float32(8))
        writer.add("blk.0.unheard.weight", .f32, [4], [1, 2, 3, 4])
        let reasons = try HeaderCheck.reasons(against: GGUFFile(bytes: writer.bytes()))
        #expect(reasons.count == 2)
        #expect(reasons.contains { $0.contains("max_alibi_bias") })
        #expect(reasons.contains { $0.contains("unheard-of") })
    }
}
