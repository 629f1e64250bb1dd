import Foundation
import GGUF
import Testing

@testable import Inference

@Suite struct ReadingTests {
    @Test(arguments: [1, 7, 64])
    func readingIsScoring(batchRows: Int) throws {
        let tokens = ForwardPassTests.someTokens(60)
        let worker = try TinyModel().worker(batchRows: batchRows)
        let reading = try worker.read(tokens)
        let scored = try TinyModel().worker().score(promptTokens: [tokens[0]], answerTokens: Array(tokens[1...]))
        #expect(reading.logProbabilities == scored)
        #expect(reading == (try TinyModel().worker(batchRows: 13).read(tokens)))
    }

    @Test(arguments: [TensorType.f32, .f16, .q8_0])
    func itIsWhatTheReferenceComputes(type: TensorType) throws {
        let file = try TinyModel(type: type).file()
        let tokens = ForwardPassTests.someTokens(48)
        let reference = try ReferenceModel(file)
        let reading = try TinyModel(type: type).worker().read(tokens)
        let tolerance = type == .q8_0 ? 0.1 : 1e-3
        let hidden = reference.hidden(tokens)
        let width = reference.shape.width
        let means = (0..<width).map { index in hidden.reduce(0) { $0 + $1[index] } / Double(tokens.count) }
        try #require(reading.meanHidden.count == width)
        for (expected, found) in zip(means, reading.meanHidden) { #expect(abs(expected - Double(found)) < tolerance) }
        for (position, logits) in reference.logits(tokens).dropLast().enumerated() {
            let largest = logits.max() ?? 0
            let logSum = log(logits.reduce(0) { $0 + exp($1 - largest) })
            let expected = logits[tokens[position + 1]] - largest - logSum
            #expect(abs(expected - reading.logProbabilities[position]) < 10 * tolerance)
        }
    }

    @Test func oneTokenHasAPlaceAndNoLikelihood() throws {
        let reading = try TinyModel().worker().read([5])
        #expect(reading.logProbabilities.isEmpty)
        #expect(reading.meanHidden.count == 64)
    }

    @Test func badTextsAreRefused() throws {
        let worker = try TinyModel(contextLength: 20).worker()
        #expect(throws: InferenceError.emptyPrompt) { try worker.read([]) }
        #expect(throws: InferenceError.promptTooLong(tokens: 21, contextLength: 20)) {
            try worker.read(Array(repeating: 1, count: 21))
        }
        var asked = 0
        _ = try TinyModel().worker(batchRows: 8).read(ForwardPassTests.someTokens(20), beforeBatch: { asked += 1 })
        #expect(asked == 3)
    }
}
