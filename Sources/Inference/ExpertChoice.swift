import CKernels

/// One of the experts that a token passes through, and how much it counts.
struct ExpertChoice: Equatable {
    let expert: Int
    let weight: Float
}

extension ModelDescription.Experts {
    /// The experts of a token by its router's logits: those with the largest, of equal ones the first.
    ///
    /// The weights are computed in double precision by our own functions, in the order of experts: the same bits
    /// everywhere. They are not numbers where a logit is not finite, so that damage is not hidden.
    func choose(by logits: UnsafeBufferPointer<Float>) -> [ExpertChoice] {
        guard logits.allSatisfy(\.isFinite), let largest = logits.max() else {
            return (0..<used).map { ExpertChoice(expert: $0, weight: .nan) }
        }
        var chosen: [Int] = []
        for _ in 0..<used {
            var best: Int?
            for (expert, logit) in logits.enumerated() where !chosen.contains(expert) {
                if best.map({ logit > logits[$0] }) ?? true { best = expert }
            }
            if let best { chosen.append(best) }
        }
        chosen.sort()
        // A softmax over all experts, divided by the sum of the chosen ones, is the softmax over the chosen ones: what it
        // was divided by is the same for each. So families that say the one or the other compute the same.
        let exponentials = chosen.map { ck_exp(max(-700, Double(logits[$0]) - Double(largest))) }
        let sum = exponentials.reduce(0, +)
        return zip(chosen, exponentials).map { ExpertChoice(expert: $0, weight: Float($1 / sum)) }
    }
}

extension ModelDescription.Temperature {
    /// Factor of the scores of the query at a position.
    func factor(at position: Int) -> Float { Float(1 + slope * ck_log(Double(position / length + 1))) }
}
