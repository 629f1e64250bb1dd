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

/// What the release that came in did, and what the last settled one did with the share it kept, in the same time.
public struct ArmCounts: Hashable, Sendable, Codable {
    /// Of the release that came in.
    public private(set) var candidate: EventCounts
    /// Of the last settled release.
    public private(set) var heldBack: EventCounts

    /// Counts of both.
    public init(candidate: EventCounts = EventCounts(), heldBack: EventCounts = EventCounts()) {
        self.candidate = candidate
        self.heldBack = heldBack
    }

    /// Events of both that count.
    public var valid: Int { candidate.valid + heldBack.valid }

    /// Both together.
    public static func + (left: ArmCounts, right: ArmCounts) -> ArmCounts {
        ArmCounts(candidate: left.candidate + right.candidate, heldBack: left.heldBack + right.heldBack)
    }

    /// What is left without some of them.
    static func - (left: ArmCounts, right: ArmCounts) -> ArmCounts {
        ArmCounts(candidate: left.candidate - right.candidate, heldBack: left.heldBack - right.heldBack)
    }
}

/// Events of one release in one service level.
public struct EventCounts: Hashable, Sendable, Codable {
    /// Events that count.
    public private(set) var valid: Int
    /// Of those, bad ones.
    public private(set) var bad: Int

    /// Counts; what makes no sense (below zero, more bad ones than there are) is cut to what does.
    public init(valid: Int = 0, bad: Int = 0) {
        self.valid = min(max(0, valid), Self.largest)
        self.bad = min(max(0, bad), self.valid)
    }

    /// More than any rollout sees, and far from where sums overflow.
    private static let largest = 1 << 48

    /// Reads stored counts under the same rules.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(valid: try values.decode(Int.self, forKey: .valid), bad: try values.decode(Int.self, forKey: .bad))
    }

    private enum CodingKeys: String, CodingKey { case valid, bad }

    /// Both together.
    public static func + (left: EventCounts, right: EventCounts) -> EventCounts {
        EventCounts(valid: left.valid + right.valid, bad: left.bad + right.bad)
    }

    /// What is left without some of them.
    static func - (left: EventCounts, right: EventCounts) -> EventCounts {
        EventCounts(valid: left.valid - right.valid, bad: left.bad - right.bad)
    }
}
