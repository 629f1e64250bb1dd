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
        var least = -Float.infinity
        for (id, logit) in logits.enumerated() where id < count || logit > least {
            heap.insert(Ranked(logit: logit, id: id))
            if id >= count { _ = heap.popMin() }
            if id >= count - 1, let minimum = heap.min { least = minimum.logit }
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
            let least = settings.minP * largest
            if settings.topK == 0, settings.topP == 1 {  // not sorted
                let kept = weights.indices.filter { weights[$0] >= least }
                (candidates, weights) = (kept.map { candidates[$0] }, kept.map { weights[$0] })
            } else {
                truncate(&candidates, &weights, to: weights.firstIndex { $0 < least } ?? weights.count)
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
