import RegistryRecords
import RegistryTypes

/// What a rollout knows about one service level, or about its engine.
struct LevelWatch: Hashable, Sendable, Codable {
    let indicator: RolloutIndicator
    private(set) var comparison = ArmComparison()
    private(set) var burn = BurnReading.unknown
    private(set) var heldBackBurn = BurnReading.unknown
    /// Watched seconds at the last burn; nil when it never burned.
    private(set) var lastBurnSeconds: Double?
    private(set) var firstBadAt: Timestamp?
    private(set) var samples: [RequestID] = []

    /// Samples that are kept of each level.
    static let sampleCount = 40

    init(_ indicator: RolloutIndicator) { self.indicator = indicator }

    mutating func add(_ seen: LevelObservation, at time: Timestamp, watched: Double, blockSize: Int) {
        if seen.burn.isBurning { lastBurnSeconds = watched }
        if firstBadAt == nil, seen.counts.candidate.bad > 0 { firstBadAt = time }
        comparison.add(seen.counts, blockSize: blockSize)
        burn = seen.burn
        heldBackBurn = seen.heldBackBurn
        for sample in seen.samples where samples.count < Self.sampleCount && !samples.contains(sample) {
            samples.append(sample)
        }
    }

    /// A level of which an observation says nothing is unknown at that moment.
    mutating func addNothing() {
        burn = .unknown
        heldBackBurn = .unknown
    }

    var counts: ArmCounts { comparison.totals }

    /// ln of the evidence at which the release is the cause. Never goes back once it was reached.
    func isAttributed(limit: Double) -> Bool { comparison.highestLogEvidence >= limit }

    /// Whether so much traffic came without anything for the held-back release that there will be no comparison:
    /// by chance this happens in at most exp(-expected) of the cases.
    func isAlone(holdback: Double, limit: Double) -> Bool {
        holdback == 0
            || (counts.heldBack.valid == 0 && Double(counts.candidate.valid) * holdback >= max(5, limit))
    }
}
