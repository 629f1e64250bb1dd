import CKernels
import GGUF
import Testing
import Tokenizers

@testable import Inference

@Suite struct GenerationTests {
    static let prompt = ForwardPassTests.someTokens(21)

    private func request(_ maxTokens: Int = 12) -> GenerationRequest {
        GenerationRequest(promptTokens: Self.prompt, maxTokens: maxTokens)
    }

    @Test func greedyTakesWhatTheReferenceTakes() throws {
        let tiny = TinyModel(type: .f32)
        let answer = try tiny.alone().generate(request())
        let reference = try ReferenceModel(tiny.file())
        var tokens = Self.prompt
        for token in answer.tokens {
            let logits = try #require(reference.logits(tokens).last)
            #expect(logits[token.id] == logits.max())
            tokens.append(token.id)
        }
        #expect(answer.promptTokenCount == 21)
        #expect(answer.text == (try TinyModelText.decode(answer.tokens.map(\.id))))
    }

    @Test(arguments: [TensorType.q8_0, .q4_0, .f32])
    func everyArrangementGivesTheSameAnswer(type: TensorType) throws {
        let tiny = TinyModel(type: type)
        var request = request()
        request.sampling = try SamplingSettings(temperature: 0.9, topK: 40, topP: 0.95)
        request.seed = 42
        let expected = try tiny.alone().generate(request)
        for instructions in InstructionSet.allCases where instructions.isAvailable {
            for batchRows in [1, 5, 16] {
                let found = try tiny.alone(promptRows: batchRows, instructions: instructions).generate(request)
                #expect(found.tokens.map(\.id) == expected.tokens.map(\.id))
                #expect(found.tokens.map(\.logProbability) == expected.tokens.map(\.logProbability))
            }
        }
    }

    @Test(arguments: [1, 7, 64])
    func scoringFindsWhatGenerationReported(batchRows: Int) throws {
        var request = request()
        request.sampling = try SamplingSettings(temperature: 1.2)
        let answer = try TinyModel().alone().generate(request)
        let worker = try TinyModel().worker(batchRows: batchRows)
        let scored = try worker.score(promptTokens: Self.prompt, answerTokens: answer.tokens.map(\.id))
        #expect(scored == answer.tokens.map(\.logProbability))
        #expect(try worker.score(promptTokens: Self.prompt, answerTokens: []).isEmpty)
    }

    @Test func alternativesAreTheMostLikely() throws {
        var request = request(4)
        request.alternatives = 5
        for token in try TinyModel().alone().generate(request).tokens {
            #expect(token.alternatives.count == 5)
            #expect(token.alternatives[0].token == token.id)
            #expect(token.alternatives[0].logProbability == token.logProbability)
            let probabilities = token.alternatives.map(\.logProbability)
            #expect(probabilities == probabilities.sorted(by: >))
        }
        request.alternatives = TinyModel().vocabularySize
        let all = try TinyModel().alone().generate(request).tokens[0].alternatives
        let total = all.reduce(0.0) { $0 + ck_exp($1.logProbability) }
        #expect(abs(total - 1) < 1e-5)
    }

    // MARK: - How answers end

    @Test func endTokensEndTheAnswer() throws {
        let free = try TinyModel().alone().generate(request())
        let third = free.tokens[2].id
        let first = try #require(free.tokens.firstIndex { $0.id == third })
        var request = request()
        request.stopTokens = [third]
        let answer = try TinyModel().alone().generate(request)
        #expect(answer.finishReason == .stop)
        #expect(answer.tokens.map(\.id) == free.tokens[..<first].map(\.id))
        #expect(answer.endToken?.id == third)
        #expect(answer.endToken?.logProbability == free.tokens[first].logProbability)
    }

    @Test func lengthEndsTheAnswer() throws {
        let answer = try TinyModel().alone().generate(request(5))
        #expect(answer.finishReason == .length)
        #expect(answer.tokens.count == 5)
        #expect(answer.endToken == nil)
    }

    @Test func theContextEndsTheAnswer() throws {
        let answer = try TinyModel(contextLength: 24).alone().generate(request(50))
        #expect(answer.finishReason == .length)
        // Three more tokens fit the context; one more needs no place in it.
        #expect(answer.tokens.count == 4)
    }

    @Test func aPromptThatFillsTheContextHasOneToken() throws {
        #expect(try TinyModel(contextLength: 21).alone().generate(request(50)).tokens.count == 1)
        #expect(throws: InferenceError.promptTooLong(tokens: 21, contextLength: 20)) {
            try TinyModel(contextLength: 20).alone().generate(request())
        }
    }

    @Test func timesCountFromTheStart() throws {
        let answer = try TinyModel().alone().generate(request(4))
        let times = answer.tokens.map(\.seconds)
        #expect(times == times.sorted() && times[0] > 0)
        #expect(answer.secondsToFirstToken == times[0])
        #expect(answer.secondsPerOutputToken == (times[3] - times[0]) / 3)
        #expect(answer.totalSeconds >= times[3])
    }

    @Test func emittedTextIsTheAnswer() throws {
        var request = request(20)
        request.stopStrings = ["\u{1}never"]
        var emitted = ""
        let answer = try TinyModel().alone().generate(request, emit: { emitted += $0 })
        #expect(emitted == answer.text)
    }

    // MARK: - Stop strings

    @Test(arguments: [
        (["stop"], ["a", "st", "op", "b"], "a", true),
        (["stop"], ["a", "st", "ay"], "astay", false),
        (["stop"], ["sto", "stop"], "sto", true),
        (["aab"], ["aa", "ab"], "a", true),
        (["xyz", "y"], ["wx", "y"], "w" + "x", true),
        (["xyz", "y"], ["wxyz"], "wx", true),
        (["bc", "abc"], ["xabcd"], "x", true),
        (["aaab"], ["aaaa", "ab"], "aa", true),
        (["€"], ["a€b"], "a", true),
        ([""], ["abc"], "abc", false),
        ([], ["abc"], "abc", false),
        (["\n\n"], ["a\n", "\nb"], "a", true),
    ])
    func stopStringsAreFoundAcrossTokens(stops: [String], pieces: [String], expected: String, stopped: Bool) {
        var scanner = StopScanner(stops)
        var text: [UInt8] = []
        var found = false
        for piece in pieces where !found {
            let step = scanner.append(Array(piece.utf8))
            text += step.released
            found = step.stopped
        }
        text += scanner.finish()
        #expect(String(decoding: text, as: UTF8.self) == expected)
        #expect(found == stopped)
    }

    @Test func aStopStringEndsTheAnswer() throws {
        let free = try TinyModel().alone().generate(request(12))
        // The bytes of the fourth token as a stop string, where they are text of their own.
        let scalars = Array(free.text.unicodeScalars)
        let stop = String(try #require(scalars.first { $0.isASCII }))
        var request = request(12)
        request.stopStrings = [stop]
        let answer = try TinyModel().alone().generate(request)
        #expect(answer.finishReason == .stop)
        #expect(!answer.text.contains(stop))
        #expect(free.text.hasPrefix(answer.text))
    }

    // MARK: - Requests that cannot be answered

    @Test func badRequestsAreNamed() throws {
        let (alone, worker) = (try TinyModel().alone(), try TinyModel().worker())
        let size = TinyModel().vocabularySize
        #expect(throws: InferenceError.emptyPrompt) {
            try alone.generate(GenerationRequest(promptTokens: [], maxTokens: 1))
        }
        #expect(throws: InferenceError.invalidSetting(name: "maxTokens", value: "0", allowed: "1 or more")) {
            try alone.generate(request(0))
        }
        #expect(throws: InferenceError.tokenOutOfRange(id: size, vocabularySize: size)) {
            try alone.generate(GenerationRequest(promptTokens: [size], maxTokens: 1))
        }
        #expect(throws: InferenceError.tokenOutOfRange(id: -3, vocabularySize: size)) {
            try worker.score(promptTokens: [1], answerTokens: [-3])
        }
        #expect(throws: InferenceError.emptyPrompt) { try worker.score(promptTokens: [], answerTokens: [1]) }
        #expect(throws: InferenceError.promptTooLong(tokens: 100, contextLength: 96)) {
            try worker.score(promptTokens: Array(repeating: 1, count: 50), answerTokens: Array(repeating: 1, count: 51))
        }
        // A refused request leaves the worker as it was.
        #expect(try worker.score(promptTokens: [1], answerTokens: [2]).count == 1)
    }

    /// Marks of a family that are special tokens are read as text where they are asked for, and only there; what ends the
    /// answer ends it all the same.
    @Test func specialTokensAreSpelledWhereTheyAreMarks() throws {
        let tokenizer = try Tokenizer(TinyModel().file())
        let mark = try #require(tokenizer.specialToken("<|im_start|>"))
        let end = try #require(tokenizer.specialToken("<|im_end|>"))
        func text(_ spelled: Set<Int>) -> String {
            let request = GenerationRequest(promptTokens: [1], maxTokens: 8, spelledTokens: spelled)
            var builder = AnswerBuilder(request, tokenizer)
            for id in [mark] + tokenizer.encode("hello", specials: .plainText) + [mark, end] {
                let token = Generation.Token(id: id, logProbability: 0, alternatives: [], seconds: 0)
                if let reason = builder.append(token).finishReason { _ = builder.finish(reason) }
            }
            return builder.generation(seconds: 0).text
        }
        #expect(text([]) == "hello")
        #expect(text([mark]) == "<|im_start|>hello<|im_start|>")
        #expect(text([mark, end]) == "<|im_start|>hello<|im_start|>")
    }
}

/// The tiny model's tokens as text, by the table of bytes.
private enum TinyModelText {
    private static let tokenizer = Result { try Tokenizer(TinyModel().file()) }

    static func decode(_ tokens: [Int]) throws -> String { try tokenizer.get().decode(tokens) }
}
