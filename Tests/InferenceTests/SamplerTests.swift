import Testing

@testable import Inference

@Suite struct SamplerTests {
    /// Known answers of Philox 4×32-10 (Random123's test vectors).
    @Test(arguments: [
        (
            [0, 0, 0, 0] as [UInt32], [0, 0] as [UInt32],
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8] as [UInt32]
        ),
        (
            [.max, .max, .max, .max], [.max, .max],
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        ),
        (
            [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        ),
    ])
    func philoxKnownAnswers(counter: [UInt32], key: [UInt32], expected: [UInt32]) {
        #expect(CounterRandom.block(counter: counter, key: key) == expected)
    }

    @Test func uniformNumbersAreUniform() {
        let random = CounterRandom(seed: 3)
        let numbers = (0..<10_000).map { random.uniform(at: $0) }
        #expect(numbers.allSatisfy { (0..<1).contains($0) })
        let mean = numbers.reduce(0, +) / 10_000
        #expect(abs(mean - 0.5) < 0.01)
        #expect(Set(numbers).count == 10_000)
    }

    private func choices(_ logits: [Float], _ settings: SamplingSettings, seed: UInt64, count: Int) throws -> [Int] {
        try logits.withUnsafeBufferPointer { values in
            let row = try LogitsRow(values, isa: InstructionSet.best.kernels, position: 0)
            let sampler = Sampler(settings: settings, random: CounterRandom(seed: seed), instructions: .best)
            return (0..<count).map { sampler.choose(row, position: $0) }
        }
    }

    @Test func greedyTakesTheLowestOfEquals() throws {
        #expect(try choices([1, 3, 2, 3], .greedy, seed: 0, count: 3) == [1, 1, 1])
        let ranked = [Float]([1, 3, 2, 3, 0, 3]).withUnsafeBufferPointer { logits in
            (0...7).map { Sampler.mostLikely($0, of: logits) }
        }
        let all = [1, 3, 5, 2, 0, 4]
        for count in 0...6 { #expect(ranked[count] == Array(all.prefix(count))) }
        #expect(ranked[7] == all)
    }

    @Test func frequenciesFollowTheProbabilities() throws {
        // Probabilities 1/2, 1/4, 1/8, 1/8.
        let logits: [Float] = [0.693_147_2, 0, -0.693_147_2, -0.693_147_2]
        let chosen = try choices(logits, try SamplingSettings(temperature: 1), seed: 11, count: 8000)
        let shares = (0..<4).map { id in Double(chosen.count { $0 == id }) / 8000 }
        for (share, expected) in zip(shares, [0.5, 0.25, 0.125, 0.125]) { #expect(abs(share - expected) < 0.02) }
        // At half the temperature the probabilities are squared: 16 : 4 : 1 : 1.
        let cold = try choices(logits, try SamplingSettings(temperature: 0.5), seed: 11, count: 8000)
        #expect(abs(Double(cold.count { $0 == 0 }) / 8000 - 16.0 / 22) < 0.02)
    }

    /// Which ids can be chosen at all from probabilities 0.4, 0.3, 0.2, 0.1.
    @Test(arguments: [
        (1, 1.0, 0.0, [0]), (2, 1.0, 0.0, [0, 1]), (0, 1.0, 0.0, [0, 1, 2, 3]), (9, 1.0, 0.0, [0, 1, 2, 3]),
        (0, 0.39, 0.0, [0]), (0, 0.41, 0.0, [0, 1]), (0, 0.69, 0.0, [0, 1]), (0, 0.71, 0.0, [0, 1, 2]),
        (0, 1.0, 0.3, [0, 1, 2]), (0, 1.0, 0.6, [0, 1]), (0, 1.0, 1.0, [0]),
        // Of the top three, 0.4 is 0.44 and 0.7 is 0.78.
        (3, 0.5, 0.0, [0, 1]), (3, 0.8, 0.6, [0, 1]),
    ])
    func filtersKeepWhatTheySay(topK: Int, topP: Double, minP: Double, expected: [Int]) throws {
        let logits: [Float] = [-0.916_290_7, -1.203_972_8, -1.609_437_9, -2.302_585]
        let settings = try SamplingSettings(temperature: 1, topK: topK, topP: topP, minP: minP)
        let chosen = try choices(logits, settings, seed: 5, count: 400)
        #expect(Set(chosen).sorted() == expected)
    }

    /// Which ids can be chosen where the entropy is 1.28 nats and the surprises are 0.92, 1.2, 1.61 and 2.3: nearest to it
    /// is the second, then the third, the first and the last.
    @Test(arguments: [(1.0, [0, 1, 2, 3]), (0.29, [1]), (0.31, [1, 2]), (0.51, [0, 1, 2]), (0.91, [0, 1, 2, 3])])
    func typicalKeepsTheExpectedSurprise(typicalP: Double, expected: [Int]) throws {
        let logits: [Float] = [-0.916_290_7, -1.203_972_8, -1.609_437_9, -2.302_585]
        let settings = try SamplingSettings(temperature: 1, typicalP: typicalP)
        #expect(try Set(choices(logits, settings, seed: 5, count: 600)).sorted() == expected)
        // A token that cannot come, and logits that are all equal.
        #expect(try Set(choices([0, -1000], settings, seed: 5, count: 50)) == [0])
        #expect(try choices([1, 1, 1], settings, seed: 5, count: 200).allSatisfy { (0..<3).contains($0) })
    }

    /// Greedy choices after a prompt and an answer, and what each penalty does to them.
    @Test(
        arguments: [
            // Logits 4, 3, -1, 2.9: the prompt is [0], the answer [1, 1, 3].
            (1.0, 0.0, 0.0, [:], 0), (2.0, 0, 0, [:], 0), (1.5, 0, 0, [2: 3.8], 2), (1, 0, 0, [0: -2], 1),
            (1, 0.5, 0, [0: -2], 3), (1, 0, 0.5, [0: -2], 1), (1, 0.06, 0, [0: -2], 1), (1, 0.2, 0, [0: -2], 3),
            (1, 0, -2, [:], 1), (1, -1, 0, [:], 1), (1, 0, 0, [9: 100, -1: 100], 0),
        ] as [(Double, Double, Double, [Int: Double], Int)]
    )
    func penalties(repetition: Double, frequency: Double, presence: Double, bias: [Int: Double], expected: Int) throws {
        let penalties = try TokenPenalties(repetition: repetition, frequency: frequency, presence: presence)
        let settings = try SamplingSettings(temperature: 0, penalties: penalties, logitBias: bias)
        var history = TokenHistory(prompt: [0])
        for token in [1, 1, 3] { history.append(token) }
        let chosen = try [4, 3, -1, 2.9].withUnsafeBufferPointer { (values: UnsafeBufferPointer<Float>) in
            let row = try LogitsRow(values, isa: InstructionSet.best.kernels, position: 0)
            let sampler = Sampler(settings: settings, random: CounterRandom(seed: 1), instructions: .best)
            return sampler.choose(row, position: 4, after: history)
        }
        #expect(chosen == expected)
    }

    /// A negative logit gets smaller by a repetition penalty, not nearer to zero.
    @Test func repetitionMakesUnlikelyTokensLessLikely() throws {
        let settings = try SamplingSettings(temperature: 0, penalties: TokenPenalties(repetition: 3))
        let chosen = try [-2, -3].withUnsafeBufferPointer { (values: UnsafeBufferPointer<Float>) in
            let row = try LogitsRow(values, isa: InstructionSet.best.kernels, position: 0)
            return Sampler(settings: settings, random: CounterRandom(seed: 1), instructions: .best)
                .choose(row, position: 1, after: TokenHistory(prompt: [0]))
        }
        #expect(chosen == 1)
    }

    @Test(arguments: [
        (0.0, 0.0, 0.0, "repetitionPenalty"), (.nan, 0, 0, "repetitionPenalty"), (10.1, 0, 0, "repetitionPenalty"),
        (1, 2.1, 0, "frequencyPenalty"), (1, .nan, 0, "frequencyPenalty"), (1, 0, -2.1, "presencePenalty"),
    ])
    func penaltiesOutOfRangeAreNamed(repetition: Double, frequency: Double, presence: Double, name: String) {
        #expect {
            try TokenPenalties(repetition: repetition, frequency: frequency, presence: presence)
        } throws: { error in
            guard case .invalidSetting(name, _, _) = error as? InferenceError else { return false }
            return true
        }
    }

    @Test(arguments: [0, -1, .nan, 1.1]) func typicalOutOfRangeIsNamed(_ value: Double) {
        #expect(throws: InferenceError.self) { try SamplingSettings(temperature: 1, typicalP: value) }
    }

    @Test(arguments: [.nan, 101, -101]) func biasOutOfRangeIsNamed(_ value: Double) {
        #expect(throws: InferenceError.self) { try SamplingSettings(temperature: 1, logitBias: [3: value]) }
    }

    @Test func choicesDependOnSeedAndPositionOnly() throws {
        let logits = KernelTests.noise(300, seed: 1)
        let settings = try SamplingSettings(temperature: 1.3, topK: 50, topP: 0.95, minP: 0.01)
        let first = try choices(logits, settings, seed: 1, count: 100)
        #expect(try choices(logits, settings, seed: 1, count: 100) == first)
        #expect(try choices(logits, settings, seed: 2, count: 100) != first)
        #expect(try Array(choices(logits, settings, seed: 1, count: 50)) == Array(first[..<50]))
    }

    @Test(arguments: [
        (-1.0, 0, 1.0, 0.0, "temperature"), (.nan, 0, 1.0, 0.0, "temperature"), (101, 0, 1, 0, "temperature"),
        (1, -1, 1, 0, "topK"), (1, 0, 0, 0, "topP"), (1, 0, 1.1, 0, "topP"), (1, 0, .nan, 0, "topP"),
        (1, 0, 1, -0.1, "minP"), (1, 0, 1, .infinity, "minP"),
    ])
    func settingsOutOfRangeAreNamed(temperature: Double, topK: Int, topP: Double, minP: Double, name: String) {
        #expect {
            try SamplingSettings(temperature: temperature, topK: topK, topP: topP, minP: minP)
        } throws: { error in
            guard case .invalidSetting(name, _, _) = error as? InferenceError else { return false }
            return true
        }
    }
}
