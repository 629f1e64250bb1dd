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
    ///
    /// - Parameter history: what came before it, for the penalties.
    func choose(_ row: LogitsRow, position: Int, after history: TokenHistory = TokenHistory()) -> Int {
        guard settings.changesLogits else { return choose(row.values, max: row.max, position: position) }
        var logits = Array(row.values)
        history.adjust(&logits, settings)
        return logits.withUnsafeBufferPointer { logits in
            choose(logits, max: logits[Self.mostLikely(logits)], position: position)
        }
    }

    private func choose(_ logits: UnsafeBufferPointer<Float>, max: Float, position: Int) -> Int {
        guard settings.temperature > 0 else { return Self.mostLikely(logits) }
        var candidates = candidates(logits)
        var weights = weights(candidates, logits, max: max)
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
        if settings.typicalP < 1 { keepTypical(&candidates, &weights) }
        let target = random.uniform(at: position) * weights.reduce(0, +)
        var sum = 0.0
        let index = weights.firstIndex { weight in
            sum += weight
            return sum > target
        }
        return candidates[index ?? weights.count - 1]
    }

    /// Keeps the candidates whose surprise is nearest to the expected one, the entropy, until their probabilities add up
    /// to `typicalP` (Meister et al., 2022, "Locally Typical Sampling"). Their order stays.
    private func keepTypical(_ candidates: inout [Int], _ weights: inout [Double]) {
        let total = weights.reduce(0, +)
        let surprises = weights.map { weight in
            weight > 0 ? -ck_log(weight / total) : Double.infinity
        }
        let entropy = zip(weights, surprises).reduce(0.0) { sum, each in
            each.0 > 0 ? sum + each.0 / total * each.1 : sum
        }
        let distances = surprises.map { abs($0 - entropy) }
        let order = distances.indices.sorted {
            distances[$0] != distances[$1] ? distances[$0] < distances[$1] : candidates[$0] < candidates[$1]
        }
        var sum = 0.0
        let last = order.firstIndex { index in
            sum += weights[index]
            return sum >= settings.typicalP * total
        }
        let kept = order.prefix((last ?? order.count - 1) + 1).sorted()
        (candidates, weights) = (kept.map { candidates[$0] }, kept.map { weights[$0] })
    }

    /// All ids in order when nothing depends on rank, else the `topK` best (or all) by rank.
    private func candidates(_ logits: UnsafeBufferPointer<Float>) -> [Int] {
        if settings.topK > 0 { return Self.mostLikely(settings.topK, of: logits) }
        return settings.topP < 1 ? Self.ranked(logits) : Array(logits.indices)
    }

    private func weights(_ ids: [Int], _ logits: UnsafeBufferPointer<Float>, max: Float) -> [Double] {
        let chosen = ids.map { logits[$0] }
        var weights = [Float](repeating: 0, count: chosen.count)
        ck_exp_shifted(
            instructions.kernels,
            chosen,
            max,
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

/// Which tokens a sequence holds, and how often: what penalties look at.
struct TokenHistory {
    /// Tokens of the prompt and of the answer.
    private var seen: Set<Int> = []
    /// How often each token is in the answer.
    private var answered: [Int: Int] = [:]

    /// An answer that begins after a prompt.
    init(prompt: [Int] = []) { seen = Set(prompt) }

    /// Adds a token of the answer.
    mutating func append(_ token: Int) {
        seen.insert(token)
        answered[token, default: 0] += 1
    }

    /// Changes logits in this order: bias, repetition, frequency, presence. Each token is changed by itself, so the order
    /// of tokens does not matter.
    fileprivate func adjust(_ logits: inout [Float], _ settings: SamplingSettings) {
        for (token, bias) in settings.logitBias where logits.indices.contains(token) { logits[token] += Float(bias) }
        let penalties = settings.penalties
        if penalties.repetition != 1 {
            let factor = Float(penalties.repetition)
            for token in seen { logits[token] = logits[token] > 0 ? logits[token] / factor : logits[token] * factor }
        }
        for (token, count) in answered {
            logits[token] -= Float(count) * Float(penalties.frequency)
            logits[token] -= Float(penalties.presence)
        }
    }
}

/// What a token pays for being there already.
public struct TokenPenalties: Sendable, Equatable {
    /// A positive logit of a token of prompt or answer is divided by it, another is multiplied (Keskar et al., 2019); 1
    /// changes nothing.
    public let repetition: Double
    /// Taken off the logit for each time that the token is in the answer; 0 changes nothing.
    public let frequency: Double
    /// Taken off the logit once when the token is in the answer; 0 changes nothing.
    public let presence: Double

    /// No penalty.
    public static let none = TokenPenalties(uncheckedRepetition: 1, frequency: 0, presence: 0)

    /// - Parameters:
    ///   - repetition: greater than 0, at most 10.
    ///   - frequency: from -2 to 2.
    ///   - presence: from -2 to 2.
    /// - Throws: `InferenceError.invalidSetting`.
    public init(repetition: Double = 1, frequency: Double = 0, presence: Double = 0) throws(InferenceError) {
        guard repetition > 0, repetition <= 10 else {
            throw .invalidSetting(
                name: "repetitionPenalty",
                value: "\(repetition)",
                allowed: "greater than 0 and at most 10"
            )
        }
        for (name, value) in [("frequencyPenalty", frequency), ("presencePenalty", presence)]
        where !(value >= -2 && value <= 2) {
            throw .invalidSetting(name: name, value: "\(value)", allowed: "from -2 to 2")
        }
        self.init(uncheckedRepetition: repetition, frequency: frequency, presence: presence)
    }

    private init(uncheckedRepetition: Double, frequency: Double, presence: Double) {
        repetition = uncheckedRepetition
        self.frequency = frequency
        self.presence = presence
    }
}

/// How the next token is chosen from the model's distribution. First the logits are changed: bias, then penalties. Then
/// the parts below apply in the order in which they are listed. Reported probabilities are those of the model, before any
/// of it.
public struct SamplingSettings: Sendable, Equatable {
    /// Added to the logits of these tokens.
    public let logitBias: [Int: Double]
    /// What tokens pay for being there already.
    public let penalties: TokenPenalties
    /// Logits are divided by it; 0 takes the most likely token, and the other parts then do nothing.
    public let temperature: Double
    /// Only this many of the most likely tokens remain; 0 keeps all.
    public let topK: Int
    /// Of those, only the fewest most likely ones whose probabilities (among those that remain) add up to this.
    public let topP: Double
    /// Of those, only the ones at least this fraction as likely as the most likely.
    public let minP: Double
    /// Of those, only the ones nearest to the expected surprise whose probabilities add up to this; 1 keeps all.
    public let typicalP: Double

    /// The most likely token, always.
    public static let greedy = SamplingSettings(
        uncheckedTemperature: 0,
        topK: 0,
        topP: 1,
        minP: 0,
        typicalP: 1,
        penalties: .none,
        logitBias: [:]
    )

    /// Whether logits are changed before a token is chosen.
    var changesLogits: Bool { penalties != .none || !logitBias.isEmpty }

    /// - Parameters:
    ///   - temperature: from 0 to 100.
    ///   - topK: 0 or more.
    ///   - topP: greater than 0, at most 1.
    ///   - minP: from 0 to 1.
    ///   - typicalP: greater than 0, at most 1.
    ///   - logitBias: from -100 to 100 each.
    /// - Throws: `InferenceError.invalidSetting`.
    public init(
        temperature: Double,
        topK: Int = 0,
        topP: Double = 1,
        minP: Double = 0,
        typicalP: Double = 1,
        penalties: TokenPenalties = .none,
        logitBias: [Int: Double] = [:]
    ) throws(InferenceError) {
        guard temperature >= 0, temperature <= 100 else {
            throw .invalidSetting(name: "temperature", value: "\(temperature)", allowed: "from 0 to 100")
        }
        guard topK >= 0 else { throw .invalidSetting(name: "topK", value: "\(topK)", allowed: "0 or more") }
        for (name, value) in [("topP", topP), ("typicalP", typicalP)] where !(value > 0 && value <= 1) {
            throw .invalidSetting(name: name, value: "\(value)", allowed: "greater than 0 and at most 1")
        }
        guard minP >= 0, minP <= 1 else {
            throw .invalidSetting(name: "minP", value: "\(minP)", allowed: "from 0 to 1")
        }
        for (token, bias) in logitBias.sorted(by: { $0.key < $1.key }) where !(bias >= -100 && bias <= 100) {
            throw .invalidSetting(name: "logitBias of token \(token)", value: "\(bias)", allowed: "from -100 to 100")
        }
        self.init(
            uncheckedTemperature: temperature,
            topK: topK,
            topP: topP,
            minP: minP,
            typicalP: typicalP,
            penalties: penalties,
            logitBias: logitBias
        )
    }

    private init(
        uncheckedTemperature: Double,
        topK: Int,
        topP: Double,
        minP: Double,
        typicalP: Double,
        penalties: TokenPenalties,
        logitBias: [Int: Double]
    ) {
        temperature = uncheckedTemperature
        self.topK = topK
        self.topP = topP
        self.minP = minP
        self.typicalP = typicalP
        self.penalties = penalties
        self.logitBias = logitBias
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
