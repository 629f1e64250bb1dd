import Statistics

/// Bad events of the release that came in against those of the share that was held back: the e-process over rate
/// ratios, fed in blocks.
///
/// Each block brings its own share: that of the candidate among the events of the block that count. So nothing rests on
/// the configured share: a caller with one sticky key, or a day when hardly anybody is held back, does not look like
/// harm. Given how many events of a block were bad, which of them are the candidate's is hypergeometric when the
/// release makes no difference, and the evidence of a block is then at most 1 on average, because it is convex in that
/// number (Hoeffding 1963, theorem 4: a sample without replacement has the smaller expectation of every convex
/// function). So the product over blocks stays below 1/error but for a share `error` of all rollouts (Ville 1939), also
/// when an incident comes and goes on both sides.
///
/// A block ends with the first step after which it holds enough events of both releases together; how many depends on
/// nothing that was seen. A block that one release had to itself tells nothing.
struct Comparison: Hashable, Sendable {
    private(set) var totals = ArmCounts()
    private(set) var block = ArmCounts()
    private(set) var evidence = RateRatioEvidence()
    private(set) var highestLogEvidence = 0.0

    /// Events of both releases that make a block: three of the smaller share, on average.
    static func blockSize(holdback: Double) -> Int {
        holdback > 0 ? Int((3 / min(holdback, 1 - holdback)).rounded(.up)) : .max
    }

    mutating func add(_ counts: ArmCounts, blockSize: Int) {
        totals = totals + counts
        block = block + counts
        guard block.valid >= blockSize else { return }
        let share = Double(block.candidate.valid) / Double(block.valid)
        if evidence.add(share: share, candidate: block.candidate.bad, baseline: block.heldBack.bad) {
            highestLogEvidence = max(highestLogEvidence, evidence.logEvidence)
        }
        block = ArmCounts()
    }
}

extension Comparison: Codable {
    private enum CodingKeys: String, CodingKey { case totals, block, logEvidencePerRatio, highestLogEvidence }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        totals = try values.decode(ArmCounts.self, forKey: .totals)
        block = try values.decode(ArmCounts.self, forKey: .block)
        highestLogEvidence = try values.decode(Double.self, forKey: .highestLogEvidence)
        let stored = try values.decode([Double].self, forKey: .logEvidencePerRatio)
        guard let evidence = RateRatioEvidence(logEvidencePerRatio: stored) else {
            throw DecodingError.dataCorruptedError(
                forKey: .logEvidencePerRatio,
                in: values,
                debugDescription: "expected \(RateRatioEvidence.ratios.count) finite numbers"
            )
        }
        self.evidence = evidence
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(totals, forKey: .totals)
        try values.encode(block, forKey: .block)
        try values.encode(evidence.logEvidencePerRatio, forKey: .logEvidencePerRatio)
        try values.encode(highestLogEvidence, forKey: .highestLogEvidence)
    }
}
