import CKernels
import HeapModule

/// Chooses tokens from rows of logits. A pure function of (logits, settings, seed, position): ties go to the lower id,
/// and every sum runs in a fixed order.
struct Sampler {
    let settings: SamplingSettings
    let random: CounterRandom
    let instructions: InstructionSet

    /// The most likely token; the lowest id of equals.
    static func mostLikely(_ logits: UnsafeBufferPointer<Float>) -> Int {
        var best = 0
        for id in logits.indices where logits[id] > logits[best] { best = id }
        return best
    }

    /// The `count` most likely tokens, most likely first.
    static func mostLikely(_ count: Int, of logits: UnsafeBufferPointer<Float>) -> [Int] {
        guard count > 0 else { return [] }
        guard count < logits.count else { return ranked(logits) }
        // The smallest of the best so far is on top; its successor has to beat it.
        var heap = Heap<Ranked>()
        var smallest = -Float.infinity
        for (id, logit) in logits.enumerated() where id < count || logit > smallest {
            heap.insert(Ranked(logit: logit, id: id))
            if id >= count { _ = heap.popMin() }
            if id >= count - 1, let minimum = heap.min { smallest = minimum.logit }
        }
        var best: [Int] = []
        while let next = heap.popMin() { best.append(next.id) }
        return best.reversed()
    }

    /// The token at a position of the sequence.
    func choose(_ row: LogitsRow, position: Int) -> Int {
        guard settings.temperature > 0 else { return Self.mostLikely(row.values) }
        var candidates = candidates(row.values)
        var weights = weights(candidates, row)
        if settings.topP < 1 {
            let target = settings.topP * weights.reduce(0, +)
            var sum = 0.0
            let kept = weights.firstIndex { weight in
                sum += weight
                return sum >= target
            }
            truncate(&candidates, &weights, to: (kept ?? weights.count - 1) + 1)
        }
        if settings.minP > 0, let largest = weights.max() {
            let limit = settings.minP * largest
            if settings.topK == 0, settings.topP == 1 {  // not sorted
                let kept = weights.indices.filter { weights[$0] >= limit }
                (candidates, weights) = (kept.map { candidates[$0] }, kept.map { weights[$0] })
            } else {
                truncate(&candidates, &weights, to: weights.firstIndex { $0 < limit } ?? weights.count)
            }
        }
        let target = random.uniform(at: position) * weights.reduce(0, +)
        var sum = 0.0
        let index = weights.firstIndex { weight in
            sum += weight
            return sum > target
        }
        return candidates[index ?? weights.count - 1]
    }

    /// All ids in order when nothing depends on rank, else the `topK` best (or all) by rank.
    private func candidates(_ logits: UnsafeBufferPointer<Float>) -> [Int] {
        if settings.topK > 0 { return Self.mostLikely(settings.topK, of: logits) }
        return settings.topP < 1 ? Self.ranked(logits) : Array(logits.indices)
    }

    private func weights(_ ids: [Int], _ row: LogitsRow) -> [Double] {
        let chosen = ids.map { row.values[$0] }
        var weights = [Float](repeating: 0, count: chosen.count)
        ck_exp_shifted(
            instructions.kernels,
            chosen,
            row.max,
            Float(1 / settings.temperature),
            &weights,
            chosen.count
        )
        return weights.map { Double($0) }
    }

    private func truncate(_ candidates: inout [Int], _ weights: inout [Double], to count: Int) {
        candidates.removeLast(candidates.count - count)
        weights.removeLast(weights.count - count)
    }

    private static func ranked(_ logits: UnsafeBufferPointer<Float>) -> [Int] {
        logits.indices.sorted { logits[$0] != logits[$1] ? logits[$0] > logits[$1] : $0 < $1 }
    }

    /// A token in the order of likelihood; less means less likely.
    private struct Ranked: Comparable {
        let logit: Float
        let id: Int

        static func < (a: Ranked, b: Ranked) -> Bool { a.logit != b.logit ? a.logit < b.logit : a.id > b.id }
    }
}

/// How the next token is chosen from the model's distribution. The parts apply in the order in which they are listed.
public struct SamplingSettings: Sendable, Equatable {
    /// Logits are divided by it; 0 takes the most likely token, and the other parts then do nothing.
    public let temperature: Double
    /// Only this many of the most likely tokens remain; 0 keeps all.
    public let topK: Int
    /// Of those, only the fewest most likely ones whose probabilities (among those that remain) add up to this.
    public let topP: Double
    /// Of those, only the ones at least this fraction as likely as the most likely.
    public let minP: Double

    /// The most likely token, always.
    public static let greedy = SamplingSettings(uncheckedTemperature: 0, topK: 0, topP: 1, minP: 0)

    /// - Parameters:
    ///   - temperature: from 0 to 100.
    ///   - topK: 0 or more.
    ///   - topP: greater than 0, at most 1.
    ///   - minP: from 0 to 1.
    /// - Throws: `InferenceError.invalidSetting`.
    public init(temperature: Double, topK: Int = 0, topP: Double = 1, minP: Double = 0) throws(InferenceError) {
        guard temperature >= 0, temperature <= 100 else {
            throw .invalidSetting(name: "temperature", value: "\(temperature)", allowed: "from 0 to 100")
        }
        guard topK >= 0 else { throw .invalidSetting(name: "topK", value: "\(topK)", allowed: "0 or more") }
        guard topP > 0, topP <= 1 else {
            throw .invalidSetting(name: "topP", value: "\(topP)", allowed: "greater than 0 and at most 1")
        }
        guard minP >= 0, minP <= 1 else {
            throw .invalidSetting(name: "minP", value: "\(minP)", allowed: "from 0 to 1")
        }
        self.init(uncheckedTemperature: temperature, topK: topK, topP: topP, minP: minP)
    }

    private init(uncheckedTemperature: Double, topK: Int, topP: Double, minP: Double) {
        temperature = uncheckedTemperature
        self.topK = topK
        self.topP = topP
        self.minP = minP
    }
}

/// Random numbers as a function of (seed, position): Philox 4×32 with 10 rounds (Salmon et al., 2011). There is no state,
/// so the number of a position does not depend on what was drawn before.
struct CounterRandom: Sendable {
    /// Key of the generator.
    let seed: UInt64

    /// A number in [0, 1) with 53 random bits.
    func uniform(at position: Int) -> Double {
        let counter = UInt64(bitPattern: Int64(position))
        let block = Self.block(
            counter: [UInt32(truncatingIfNeeded: counter), UInt32(counter >> 32), 0, 0],
            key: [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)]
        )
        return Double((UInt64(block[0]) << 32 | UInt64(block[1])) >> 11) * 0x1p-53
    }

    /// Four words of output for a counter of four words and a key of two.
    static func block(counter: [UInt32], key: [UInt32]) -> [UInt32] {
        var (c0, c1, c2, c3) = (counter[0], counter[1], counter[2], counter[3])
        var (k0, k1) = (key[0], key[1])
        for _ in 0..<10 {
            let first = c0.multipliedFullWidth(by: 0xd251_1f53)
            let second = c2.multipliedFullWidth(by: 0xcd9e_8d57)
            (c0, c1, c2, c3) = (second.high ^ c1 ^ k0, second.low, first.high ^ c3 ^ k1, first.low)
            k0 &+= 0x9e37_79b9
            k1 &+= 0xbb67_ae85
        }
        return [c0, c1, c2, c3]
    }
}

/// The logits after one token, with what turns them into log-probabilities. Valid until the next run of the pass.
struct LogitsRow {
    /// One logit per token of the vocabulary, all finite.
    let values: UnsafeBufferPointer<Float>
    /// The largest of them.
    let max: Float
    /// Logarithm of the sum of exp(logit - max).
    let logSum: Double

    /// - Parameter position: where the token is, for the error.
    /// - Throws: `InferenceError.notFinite`.
    init(_ values: UnsafeBufferPointer<Float>, isa: ck_isa, position: Int) throws(InferenceError) {
        let statistics = ck_logits_stats(isa, values.baseAddress, values.count)
        guard statistics.finite else { throw .notFinite(position: position) }
        self.values = values
        max = statistics.max
        logSum = statistics.log_sum
    }

    /// Natural logarithm of a token's probability.
    func logProbability(of token: Int) -> Double {
        Double(values[token]) - Double(max) - logSum
    }
}
