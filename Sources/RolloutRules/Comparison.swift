import Statistics

/// Bad events of the release that came in against those of the share that was held back, in blocks of requests: the
/// e-process over ratios, with the split as it was.
///
/// Nothing rests on the configured share: a caller with one sticky key, or an hour in which hardly anybody is held back,
/// does not look like degradation. And nothing is compared across blocks: an incident that hits both releases raises the bad
/// events of both in the same blocks, and that is no evidence, also at its start. So the evidence stays below 1/error
/// but for a share `error` of all rollouts without a difference, however often it is looked at.
///
/// A block ends with the first step after which it holds enough events of both releases together; how many that is
/// depends on nothing that was seen. A block that one release had to itself tells nothing.
struct ArmComparison: Hashable, Sendable {
    private(set) var totals = ArmCounts()
    private(set) var block = ArmCounts()
    private(set) var evidence = OddsRatioEvidence()
    private(set) var highestLogEvidence = 0.0

    /// Events of both releases that make a block: three of the smaller share, on average.
    static func blockSize(holdback: Double) -> Int {
        holdback > 0 ? Int((3 / min(holdback, 1 - holdback)).rounded(.up)) : .max
    }

    mutating func add(_ counts: ArmCounts, blockSize: Int) {
        totals = totals + counts
        block = block + counts
        guard block.valid >= blockSize else { return }
        let candidate = (bad: block.candidate.bad, all: block.candidate.valid)
        if evidence.add(candidate: candidate, baseline: (bad: block.heldBack.bad, all: block.heldBack.valid)) {
            highestLogEvidence = max(highestLogEvidence, evidence.logEvidence)
        }
        block = ArmCounts()
    }
}

extension ArmComparison: Codable {
    private enum CodingKeys: String, CodingKey { case totals, block, logEvidencePerRatio, highestLogEvidence }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        totals = try values.decode(ArmCounts.self, forKey: .totals)
        block = try values.decode(ArmCounts.self, forKey: .block)
        highestLogEvidence = try values.decode(Double.self, forKey: .highestLogEvidence)
        let stored = try values.decode([Double].self, forKey: .logEvidencePerRatio)
        guard let evidence = OddsRatioEvidence(logEvidencePerRatio: stored) else {
            throw DecodingError.dataCorruptedError(
                forKey: .logEvidencePerRatio,
                in: values,
                debugDescription: "expected \(OddsRatioEvidence.ratios.count) finite numbers"
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
