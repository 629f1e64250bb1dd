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
