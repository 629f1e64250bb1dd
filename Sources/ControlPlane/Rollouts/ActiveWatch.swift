import RegistryRecords
import RegistryTypes
import RolloutRules
import ServiceLevels
import UserDocuments

/// The watch over one rollout together with what happened since its last step. Counts come in as requests end and as
/// answers are labelled; once a second they are handed to the watch.
struct ActiveWatch: Sendable {
    /// What happened to one service level since the last step.
    private struct Level: Sendable {
        let document: SLODocument
        var candidate = EventCounts()
        var heldBack = EventCounts()
        var samples: [RequestID] = []
        /// The events of the release that came in, in the windows of the policy's triggers, since the promotion.
        var candidateWindows: BurnWindows
        var heldBackWindows: BurnWindows
    }

    /// What one arm answered since the promotion, for people.
    struct Tally: Sendable {
        var requests = 0
        var failed = 0
        var labelled = 0
        var bad = 0
        var answered = 0
        var totalSeconds = 0.0
    }

    /// A trigger of the policy that looks at burn rates.
    private struct Burn: Sendable {
        let rate: Double
        let longSeconds: Int
        let shortSeconds: Int
    }

    /// The rollout as the log has it.
    let rollout: RolloutRecord
    /// The decisions.
    private(set) var watch: RolloutWatch
    /// What the release that came in answered, for people.
    private(set) var candidate = Tally()
    /// What the last settled release answered of its share.
    private(set) var heldBack = Tally()
    /// When its newest event counted.
    private(set) var newestEvent: Timestamp?
    private var requests = ArmCounts()
    private var engineFailures = (candidate: 0, heldBack: 0)
    private var levels: [Name: Level]
    private let burns: [Burn]
    /// Bad requests that are handed on in one step, at most.
    private static let samplesPerStep = 40

    /// - Parameters:
    ///   - documents: The SLOs in force; those the rollout watches are looked at.
    ///   - stored: What was counted before a restart.
    init(
        _ rollout: RolloutRecord,
        watch: RolloutWatch,
        documents: [SLODocument],
        stored: [SLISeries: [SLIBucket]],
        now: Timestamp
    ) {
        self.rollout = rollout
        self.watch = watch
        burns = rollout.triggers.compactMap { trigger in
            guard case .burn(let rate, let long, let short) = trigger else { return nil }
            return Burn(rate: rate, longSeconds: Self.window(long), shortSeconds: Self.window(short))
        }
        let windows = burns.flatMap { [$0.longSeconds, $0.shortSeconds] }
        let watched = Set(rollout.indicators.map(\.name))
        let since = SLIBucket.fineStart(rollout.startedAt.seconds)
        func filled(_ slo: Name, _ release: Int?, _ arm: TrafficArm) -> BurnWindows {
            let buckets = stored.filter { series, _ in
                series.slo == slo && series.model == rollout.release.model && series.release == release
                    && series.arm == arm
            }.flatMap(\.value).filter { $0.start >= since }
            return BurnWindows(windows: windows, buckets: buckets, now: now.seconds)
        }
        levels = Dictionary(
            uniqueKeysWithValues: documents.filter { watched.contains($0.name) }.map { document in
                let level = Level(
                    document: document,
                    candidateWindows: filled(document.name, rollout.release.number, .live),
                    heldBackWindows: filled(document.name, rollout.from, .holdback)
                )
                return (document.name, level)
            }
        )
    }

    /// A window of a policy as buckets can show it: whole ten seconds up to two hours, whole minutes beyond.
    private static func window(_ seconds: Double) -> Int {
        let step = seconds <= Double(SLIBucket.fineSpanSeconds) ? SLIBucket.fineSeconds : SLIBucket.coarseSeconds
        return Int((seconds / Double(step)).rounded(.up)) * step
    }

    /// Which arm of the rollout a request belongs to; nil when it has nothing to do with it.
    private func isCandidate(_ record: RequestRecord) -> Bool? {
        guard record.model == rollout.release.model, record.channel == rollout.channel, record.source == .user else {
            return nil
        }
        switch record.arm {
        case .live: return record.release == rollout.release.number ? true : nil
        case .holdback: return record.release == rollout.from ? false : nil
        case .pinned: return nil
        }
    }

    /// Counts a request that ended.
    mutating func add(_ record: RequestRecord, _ judgements: [(slo: Name, judgement: EventJudgement)]) {
        // How many ask at once is no doing of the release.
        guard !record.isOverload, let isCandidate = isCandidate(record) else { return }
        count(judgements, isCandidate, at: record.time, request: record.id)
        guard record.outcome.isValidEvent else { return }
        let failed = record.outcome != .answered
        let counts = EventCounts(valid: 1, bad: failed ? 1 : 0)
        requests = requests + (isCandidate ? ArmCounts(candidate: counts) : ArmCounts(heldBack: counts))
        if record.outcome == .engineFailed {
            if isCandidate { engineFailures.candidate += 1 } else { engineFailures.heldBack += 1 }
        }
        newestEvent = record.time
        update(isCandidate) { tally in
            tally.requests += 1
            if failed { tally.failed += 1 }
            if !failed {
                tally.answered += 1
                tally.totalSeconds += record.totalSeconds
            }
            if failed || record.releaseValidity == false { tally.bad += 1 }
        }
    }

    /// Counts what was said of an answer.
    mutating func add(
        _ label: RequestLabel,
        of record: RequestRecord,
        _ judgements: [(slo: Name, judgement: EventJudgement)]
    ) {
        // A late label of a request from before the promotion says nothing about this watch, though the release may be
        // the same. Where the clock stepped back since, the times cannot be compared, and the label counts.
        guard record.showsRelease, let isCandidate = isCandidate(record),
            record.time >= rollout.startedAt || label.at < rollout.startedAt
        else { return }
        if let isCorrect = label.isCorrect {
            // An answer that was bad already, because it is not valid, is not counted twice.
            let isNew = record.releaseValidity != false
            update(isCandidate) { tally in
                tally.labelled += 1
                if !isCorrect, isNew { tally.bad += 1 }
            }
        }
        count(judgements, isCandidate, at: label.at, request: record.id)
    }

    private mutating func count(
        _ judgements: [(slo: Name, judgement: EventJudgement)],
        _ isCandidate: Bool,
        at time: Timestamp,
        request: RequestID
    ) {
        for (slo, judgement) in judgements {
            guard var level = levels[slo] else { continue }
            let counts = EventCounts(valid: judgement.counts.valid, bad: judgement.counts.bad)
            if isCandidate {
                level.candidate = level.candidate + counts
                level.candidateWindows.add(judgement, at: time.seconds)
                if judgement == .bad, level.samples.count < Self.samplesPerStep { level.samples.append(request) }
            } else {
                level.heldBack = level.heldBack + counts
                level.heldBackWindows.add(judgement, at: time.seconds)
            }
            levels[slo] = level
        }
    }

    private mutating func update(_ isCandidate: Bool, _ change: (inout Tally) -> Void) {
        if isCandidate { change(&candidate) } else { change(&heldBack) }
    }

    /// Hands what happened to the watch.
    ///
    /// - Returns: What to do.
    mutating func step(monotonicSeconds: Double, now: Timestamp) -> [RolloutAction] {
        var seen: [LevelObservation] = []
        for name in levels.keys.sorted() {
            guard var level = levels[name] else { continue }
            level.candidateWindows.advance(to: now.seconds)
            level.heldBackWindows.advance(to: now.seconds)
            seen.append(
                LevelObservation(
                    name: name,
                    counts: ArmCounts(candidate: level.candidate, heldBack: level.heldBack),
                    burn: reading(level.candidateWindows, level.document),
                    heldBackBurn: reading(level.heldBackWindows, level.document),
                    samples: level.samples
                )
            )
            level.candidate = EventCounts()
            level.heldBack = EventCounts()
            level.samples = []
            levels[name] = level
        }
        defer {
            requests = ArmCounts()
            engineFailures = (0, 0)
        }
        return watch.step(
            RolloutObservation(
                monotonicSeconds: monotonicSeconds,
                time: now,
                requests: requests,
                engineFailures: engineFailures,
                levels: seen
            )
        )
    }

    /// What to do before anything happened: after a restart.
    mutating func start(now: Timestamp) -> [RolloutAction] { watch.start(at: now) }

    private func reading(_ windows: BurnWindows, _ document: SLODocument) -> BurnReading {
        let verdicts = burns.compactMap { burn in
            windows.burn(
                long: burn.longSeconds,
                short: burn.shortSeconds,
                rate: burn.rate,
                budget: document.budget
            )
        }
        if let burning = verdicts.first(where: \.isBurning) {
            return .burning(rate: burning.burnLong ?? 0, limit: burning.threshold)
        }
        let rates = verdicts.filter(\.isKnown).compactMap(\.burnLong)
        return rates.max().map { .calm(rate: $0) } ?? .unknown
    }
}
