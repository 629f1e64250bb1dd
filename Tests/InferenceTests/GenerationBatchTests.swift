import GGUF
import SeededRandom
import Testing
import Tokenizers

@testable import Inference

/// What a batch reported of its requests.
struct BatchReports {
    var tokens: [Int: [Int: [Generation.Token]]] = [:]
    var texts: [Int: [Int: String]] = [:]
    var ended: [Int: [Int: Generation]] = [:]
    var failed: [Int: InferenceError] = [:]

    mutating func add(_ event: GenerationBatch.Event) {
        switch event {
        case .token(let key, let choice, let token, let text):
            tokens[key, default: [:]][choice, default: []].append(token)
            texts[key, default: [:]][choice, default: ""] += text
        case .ended(let key, let choice, let generation):
            ended[key, default: [:]][choice] = generation
        case .failed(let key, let error):
            failed[key] = error
        }
    }
}

/// Everything of an answer but its times.
struct Bits: Equatable {
    struct Token: Equatable {
        let id: Int
        let logProbability: UInt64
        let alternatives: [Generation.Alternative]

        init(_ token: Generation.Token) {
            id = token.id
            logProbability = token.logProbability.bitPattern
            alternatives = token.alternatives
        }
    }

    let tokens: [Token]
    let endToken: Token?
    let text: String
    let finishReason: Generation.FinishReason

    init(_ generation: Generation) {
        tokens = generation.tokens.map(Token.init)
        endToken = generation.endToken.map(Token.init)
        text = generation.text
        finishReason = generation.finishReason
    }
}

@Suite struct GenerationBatchTests {
    func batch(
        _ tiny: TinyModel = TinyModel(),
        maxSequences: Int = 8,
        cacheBytes: Int = 1 << 30,
        promptRows: Int = 64,
        instructions: InstructionSet = .best
    ) throws -> GenerationBatch {
        let file = try tiny.file()
        return try GenerationBatch(
            model: LanguageModel(file),
            tokenizer: Tokenizer(file),
            maxSequences: maxSequences,
            cacheBytes: cacheBytes,
            promptRows: promptRows,
            instructions: instructions
        )
    }

    /// A request drawn from a seed: prompt, length, sampling, stop strings, stop tokens and alternatives all vary.
    func someRequest(_ seed: UInt64) throws -> GenerationRequest {
        var random = SplitMix64(seed: seed)
        let vocabulary = TinyModel().vocabularySize
        // Every other prompt begins with the same rules, or a part of them.
        let rules = seed.isMultiple(of: 2) ? ForwardPassTests.someTokens(40).prefix(Int(seed % 9) * 8) : []
        let own = ForwardPassTests.someTokens(Int.random(in: 1...(70 - rules.count), using: &random), seed: seed)
        var request = GenerationRequest(
            promptTokens: rules + own,
            maxTokens: Int.random(in: 1...40, using: &random),
            seed: seed &* 31
        )
        if Bool.random(using: &random) {
            request.sampling = try SamplingSettings(
                temperature: Double.random(in: 0.5...1.5, using: &random),
                topK: [0, 5, 40].randomElement(using: &random) ?? 0,
                topP: [1, 0.9].randomElement(using: &random) ?? 1,
                minP: [0, 0.05].randomElement(using: &random) ?? 0
            )
        }
        if Bool.random(using: &random) { request.stopStrings = ["e", "hello", " w"] }
        if Bool.random(using: &random) { request.stopTokens = [Int.random(in: 0..<vocabulary, using: &random)] }
        request.alternatives = Int.random(in: 0...3, using: &random)
        return request
    }

    func expect(
        _ reports: BatchReports,
        of key: Int,
        choice: Int = 0,
        toEqual expected: Generation,
        _ comment: Comment
    ) throws {
        let found = try #require(reports.ended[key]?[choice], comment)
        #expect(Bits(found) == Bits(expected), comment)
        let reported = reports.tokens[key]?[choice] ?? []
        #expect(reported == found.tokens + (found.endToken.map { [$0] } ?? []), comment)
        #expect(reports.texts[key]?[choice] == found.text, comment)
    }

    // MARK: - The same bits whatever runs beside

    /// Requests come and go at random steps, some in several choices, some cancelled on the way, some in the background
    /// that rests at random; each one that ends gives what it gives alone.
    @Test(arguments: [TensorType.q8_0, .q4_0, .f32], [1, 5, 64])
    func randomNeighboursChangeNoBit(type: TensorType, promptRows: Int) throws {
        let tiny = TinyModel(type: type)
        let alone = try tiny.alone()
        for instructions in InstructionSet.allCases where instructions.isAvailable {
            let batch = try batch(tiny, maxSequences: 6, promptRows: promptRows, instructions: instructions)
            var random = SplitMix64(seed: UInt64(promptRows))
            var waiting: [(key: Int, request: GenerationRequest, seeds: [UInt64])] = try (0..<24).map { key in
                let request = try someRequest(UInt64(key) + 100)
                let choices = key.isMultiple(of: 4) ? 3 : 1
                return (key, request, (0..<choices).map { request.seed &+ UInt64($0) })
            }
            let all = waiting
            var reports = BatchReports()
            // Every sixth one goes away at a random step, perhaps before its first token.
            let leaving = Set(stride(from: 5, to: 24, by: 6))
            var admitted: Set<Int> = []
            while !waiting.isEmpty || !batch.isIdle {
                while let next = waiting.first, Int.random(in: 0..<3, using: &random) > 0 || batch.isIdle {
                    let pages = try batch.limits.pages(for: next.request, choices: next.seeds.count)
                    guard batch.hasRoom(pages: pages, choices: next.seeds.count) else { break }
                    try batch.admit(
                        key: next.key,
                        next.request,
                        seeds: next.seeds,
                        isBackground: next.key % 3 == 1
                    )
                    admitted.insert(next.key)
                    waiting.removeFirst()
                }
                batch.step(restingBackground: Bool.random(using: &random)) { reports.add($0) }
                for key in leaving.intersection(admitted).sorted() where Int.random(in: 0..<8, using: &random) == 0 {
                    batch.cancel(key)
                }
            }
            #expect(reports.failed.isEmpty)
            #expect(batch.cacheBytesInUse == 0)
            for (key, request, seeds) in all where !leaving.contains(key) {
                for (choice, seed) in seeds.enumerated() {
                    var request = request
                    request.seed = seed
                    let expected = try alone.generate(request)
                    try expect(reports, of: key, choice: choice, toEqual: expected, "\(instructions) \(key) \(choice)")
                }
            }
        }
    }

    /// Prompts that end before, on and after the border of a page.
    @Test(arguments: [1, 15, 16, 17, 31, 32, 33, 48])
    func choicesShareTheirPrompt(promptTokens: Int) throws {
        let tiny = TinyModel()
        let batch = try batch(tiny)
        var request = GenerationRequest(promptTokens: ForwardPassTests.someTokens(promptTokens), maxTokens: 20)
        request.sampling = try SamplingSettings(temperature: 1.1)
        let seeds: [UInt64] = [3, 1, 4, 1]
        let pages = try batch.limits.pages(for: request, choices: seeds.count)
        let whole = KVPages.pageCount(tokens: promptTokens + 19)
        #expect(pages == promptTokens / 16 + 4 * (whole - promptTokens / 16))
        try batch.admit(key: 0, request, seeds: seeds)
        #expect(batch.cacheBytesInUse == pages * batch.limits.pageBytes)
        #expect(batch.sequenceCount == 4)
        var reports = BatchReports()
        while !batch.isIdle { batch.step { reports.add($0) } }
        let alone = try tiny.alone()
        for (choice, seed) in seeds.enumerated() {
            request.seed = seed
            try expect(reports, of: 0, choice: choice, toEqual: alone.generate(request), "choice \(choice)")
        }
        #expect(batch.cacheBytesInUse == 0)
    }

    @Test func theContextEndsAnswersInABatchToo() throws {
        let tiny = TinyModel(contextLength: 24)
        let batch = try batch(tiny)
        let full = GenerationRequest(promptTokens: ForwardPassTests.someTokens(24), maxTokens: 9)
        let nearly = GenerationRequest(promptTokens: ForwardPassTests.someTokens(21), maxTokens: .max)
        try batch.admit(key: 1, full, seeds: [0, 0])
        try batch.admit(key: 2, nearly, seeds: [0])
        var reports = BatchReports()
        while !batch.isIdle { batch.step { reports.add($0) } }
        let alone = try tiny.alone()
        try expect(reports, of: 1, choice: 1, toEqual: alone.generate(full), "full")
        try expect(reports, of: 2, toEqual: alone.generate(nearly), "nearly")
        #expect(reports.ended[1]?[0]?.tokens.count == 1)
        #expect(reports.ended[2]?[0]?.tokens.count == 4)
    }

    @Test func promptsThatBeginTheSameRunTheRestOnly() throws {
        let tiny = TinyModel()
        let (batch, alone) = (try batch(tiny, promptRows: 16), try tiny.alone())
        let rules = ForwardPassTests.someTokens(40)
        /// Steps to the first token.
        func steps(_ key: Int, _ prompt: [Int]) throws -> Int {
            let request = GenerationRequest(promptTokens: prompt, maxTokens: 3)
            try batch.admit(key: key, request, seeds: [0])
            var (reports, steps) = (BatchReports(), 0)
            while !batch.isIdle {
                batch.step { reports.add($0) }
                if reports.tokens[key]?[0]?.count ?? 0 <= 1 { steps += 1 }
            }
            try expect(reports, of: key, toEqual: alone.generate(request), "\(key)")
            return steps
        }
        #expect(try steps(1, rules + [1, 2, 3]) == 3)
        #expect(try steps(2, rules + [4, 5]) == 1)
        #expect(try steps(3, rules) == 1)
        // At least the last token is run, also when the page it is in is kept.
        #expect(try steps(4, Array(rules.prefix(32))) == 1)
        #expect(try steps(5, Array(rules.prefix(16))) == 1)
        #expect(try steps(6, Array(rules.dropFirst())) == 3)
        #expect(batch.cacheBytesInUse == 0)
        #expect(batch.forward.pages.freeCount < batch.limits.pageCount)
    }

    @Test func keptBeginningsMakeRoom() throws {
        let tiny = TinyModel()
        let pageBytes = try batch().limits.pageBytes
        let batch = try batch(tiny, cacheBytes: 8 * pageBytes)
        let alone = try tiny.alone()
        for key in 0..<40 {
            let length = [16, 30, 33, 40][key % 4]
            let prompt = ForwardPassTests.someTokens(length, seed: UInt64(key % 7))
            let request = GenerationRequest(promptTokens: prompt, maxTokens: 80)
            let pages = try batch.limits.pages(for: request)
            #expect(batch.hasRoom(pages: pages, choices: 1))
            try batch.admit(key: key, request, seeds: [0])
            var reports = BatchReports()
            while !batch.isIdle { batch.step { reports.add($0) } }
            try expect(reports, of: key, toEqual: alone.generate(request), "\(key)")
            #expect(batch.cacheBytesInUse == 0)
        }
        while batch.prefixes.dropOldest(in: batch.forward.pages) {}
        #expect(batch.forward.pages.freeCount == 8)
    }

    // MARK: - Limits

    @Test func memoryIsSetAsideForTheWholeRequest() throws {
        let tiny = TinyModel()
        let pageBytes = try batch().limits.pageBytes
        #expect(pageBytes == 2 * 2 * 2 * 16 * 16 * 2)  // keys and values, 2 layers, 2 heads, 16 × 16 halves
        let batch = try batch(tiny, cacheBytes: 5 * pageBytes + 1)
        #expect(batch.limits.pageCount == 5)
        let request = GenerationRequest(promptTokens: ForwardPassTests.someTokens(30), maxTokens: 18)
        #expect(try batch.limits.pages(for: request) == 3)
        try batch.admit(key: 1, request, seeds: [0])
        #expect(batch.hasRoom(pages: 2, choices: 7))
        #expect(!batch.hasRoom(pages: 3, choices: 1))
        #expect(!batch.hasRoom(pages: 2, choices: 8))
        #expect(throws: InferenceError.outOfPages(needed: 3, available: 2)) {
            try batch.admit(key: 2, request, seeds: [0])
        }
        #expect(throws: InferenceError.outOfPages(needed: 7, available: 5)) {
            try batch.limits.pages(for: request, choices: 3)
        }
        // One that ends frees what it set aside, also when it ended early.
        var reports = BatchReports()
        while !batch.isIdle { batch.step { reports.add($0) } }
        try batch.admit(key: 2, request, seeds: [0])
        #expect(try self.batch(tiny, maxSequences: 2).limits.pageCount == 12)
        #expect(try self.batch(tiny, cacheBytes: 1).limits.pageCount == 1)
    }

    @Test func badRequestsAreRefused() throws {
        let batch = try batch(TinyModel(contextLength: 32))
        let size = TinyModel().vocabularySize
        func refuse(_ tokens: [Int], _ maxTokens: Int, choices: Int = 1, _ error: InferenceError) {
            let request = GenerationRequest(promptTokens: tokens, maxTokens: maxTokens)
            #expect(throws: error) { try batch.limits.pages(for: request, choices: choices) }
            #expect(throws: error) {
                try batch.admit(key: 1, request, seeds: Array(repeating: 0, count: max(0, choices)))
            }
        }
        refuse([], 4, .emptyPrompt)
        refuse([1, size], 4, .tokenOutOfRange(id: size, vocabularySize: size))
        refuse([-1], 4, .tokenOutOfRange(id: -1, vocabularySize: size))
        refuse(Array(repeating: 1, count: 33), 4, .promptTooLong(tokens: 33, contextLength: 32))
        refuse([1], 0, .invalidSetting(name: "maxTokens", value: "0", allowed: "1 or more"))
        refuse([1], 1, choices: 0, .invalidSetting(name: "choices", value: "0", allowed: "from 1 to 8"))
        refuse([1], 1, choices: 9, .invalidSetting(name: "choices", value: "9", allowed: "from 1 to 8"))
        #expect(batch.isIdle && batch.cacheBytesInUse == 0)
    }

    /// Weights that give no numbers fail the requests they are asked for, all choices at once, and leave the batch usable.
    @Test func damagedWeightsFailTheRequestOnly() throws {
        let tiny = TinyModel(type: .f32)
        var broken = tiny
        broken.brokenToken = 9
        let batch = try batch(broken)
        let bad = GenerationRequest(promptTokens: [1, 2, 9], maxTokens: 5)
        let good = GenerationRequest(promptTokens: ForwardPassTests.someTokens(20).filter { $0 != 9 }, maxTokens: 12)
        try batch.admit(key: 1, good, seeds: [0])
        try batch.admit(key: 2, bad, seeds: [0, 1])
        var reports = BatchReports()
        while !batch.isIdle { batch.step { reports.add($0) } }
        #expect(reports.failed == [2: .notFinite(position: 2)])
        #expect(reports.tokens[2] == nil)
        try expect(reports, of: 1, toEqual: broken.alone().generate(good), "the neighbour")
        #expect(batch.cacheBytesInUse == 0)
    }
}
