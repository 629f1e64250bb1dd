import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import Statistics

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
    /// What single keys had to do with it; nil for a checkpoint of a build that did not tell, and before the first event.
    private(set) var callers: CallerCounts?
    /// Watched seconds since which other keys seem to contradict one, and cannot be sure yet; nil while they do not.
    private(set) var leaningSince: Double?
    /// The share of its events that may be bad; nil for a checkpoint of a build that did not tell.
    private(set) var budget: Double?
    /// Watched seconds at the last burn of any kind; ``lastBurnSeconds`` leaves out what is of keys that the others
    /// contradict.
    private(set) var lastAnyBurnSeconds: Double?
    /// How the service level counts what was counted; nil for a checkpoint of a build that did not tell.
    private(set) var definition: Digest?

    /// Samples that are kept of each level.
    static let sampleCount = 40

    init(_ indicator: RolloutIndicator) { self.indicator = indicator }

    mutating func add(_ seen: LevelObservation, at time: Timestamp, watched: Double, blockSize: Int) {
        if firstBadAt == nil, seen.counts.candidate.bad > 0 { firstBadAt = seen.firstBadAt ?? time }
        var callers = self.callers ?? CallerCounts()
        callers.add(seen.callers, all: seen.counts, before: comparison, blockSize: blockSize)
        self.callers = callers
        leaningSince = callers.isLeaning ? leaningSince ?? watched : nil
        comparison.add(seen.counts, blockSize: blockSize)
        burn = seen.burn
        heldBackBurn = seen.heldBackBurn
        budget = seen.budget
        if burn.isBurning {
            lastAnyBurnSeconds = watched
            if !isBurnOfOddKeys { lastBurnSeconds = watched }
        }
        for sample in seen.samples where samples.count < Self.sampleCount && !samples.contains(sample) {
            samples.append(sample)
        }
    }

    /// A level of which an observation says nothing is unknown at that moment.
    mutating func addNothing() {
        burn = .unknown
        heldBackBurn = .unknown
    }

    /// Begins again where the service level counts in another way from now on: what was good or bad before is another
    /// matter.
    mutating func begin(as definition: Digest) {
        let known = self.definition ?? definition
        if known != definition { self = LevelWatch(indicator) }
        self.definition = definition
    }

    var counts: ArmCounts { comparison.totals }

    /// Whether so much traffic came without anything for the held-back release that there will be no comparison:
    /// by chance this happens in at most exp(-expected) of the cases.
    func isAlone(holdback: Double, limit: Double) -> Bool {
        holdback == 0
            || (counts.heldBack.valid == 0 && Double(counts.candidate.valid) * holdback >= max(5, limit))
    }
}

/// Whether the traffic is split as the policy says: the same evidence, about requests instead of bad events, in both
/// directions. It decides nothing, because the comparisons use the split as it was; it is told.
struct SplitCheck: Hashable, Sendable {
    private var tooMany = RateRatioEvidence()
    private var tooFew = RateRatioEvidence()
    /// Latched.
    private(set) var isOff = false

    /// Evidence of 1000 to 1 says that the split is off.
    private static let limit = log(1000.0)

    mutating func add(candidate: Int, heldBack: Int, holdback: Double) {
        guard !isOff, tooMany.add(share: 1 - holdback, candidate: candidate, baseline: heldBack),
            tooFew.add(share: holdback, candidate: heldBack, baseline: candidate)
        else { return }
        let larger = max(tooMany.logEvidence, tooFew.logEvidence)
        let smaller = min(tooMany.logEvidence, tooFew.logEvidence)
        isOff = larger + log1p(exp(smaller - larger)) - log(2) >= Self.limit
    }
}

extension SplitCheck: Codable {
    private enum CodingKeys: String, CodingKey { case tooMany, tooFew, isOff }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func evidence(_ key: CodingKeys) throws -> RateRatioEvidence {
            guard let evidence = RateRatioEvidence(logEvidencePerRatio: try values.decode([Double].self, forKey: key))
            else {
                throw DecodingError.dataCorruptedError(forKey: key, in: values, debugDescription: "not evidence")
            }
            return evidence
        }
        tooMany = try evidence(.tooMany)
        tooFew = try evidence(.tooFew)
        isOff = try values.decode(Bool.self, forKey: .isOff)
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(tooMany.logEvidencePerRatio, forKey: .tooMany)
        try values.encode(tooFew.logEvidencePerRatio, forKey: .tooFew)
        try values.encode(isOff, forKey: .isOff)
    }
}
