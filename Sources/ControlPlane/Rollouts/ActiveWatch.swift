import Digests
import RegistryRecords
import RegistryTypes
import RolloutRules
import ServiceLevels
import UserDocuments

/// The watch over one rollout together with what happened since its last step. Counts come in as requests end and as
/// answers are labelled; once a second they are handed to the watch.
struct ActiveWatch: Sendable {
    /// What happened to one service level since the last step.
    fileprivate struct Level: Sendable {
        var document: SLODocument
        /// How it counts.
        let definition: Digest?
        var candidate = EventCounts()
        var heldBack = EventCounts()
        var samples: [RequestID] = []
        /// Its events since the last step by key, where the texts of a key may be why they are what they are.
        var callers: [Name: ArmCounts] = [:]
        /// When its first bad event since the last step became known.
        var firstBadAt: Timestamp?
        /// The events of the release that came in, in the windows of the policy's triggers, since the promotion.
        var candidateWindows: BurnWindows
        var heldBackWindows: BurnWindows
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
    /// What both arms did since the last step, for people.
    private var tallies = ArmTallies()
    /// When its newest event counted.
    var newestEvent: Timestamp? { (watch.seen + tallies).newest }
    private var requests = ArmCounts()
    private var served = EventCounts()
    private let telling: TellingAnswers
    private var engineFailures = (candidate: 0, heldBack: 0)
    private var firstEngineFailureAt: Timestamp?
    private var levels: [Name: Level]
    private let burns: [Burn]
    /// Bad requests that are handed on in one step, at most.
    fileprivate static let samplesPerStep = 40
    /// Keys that are told apart in one step, at most.
    fileprivate static let callersPerStep = 256

    /// - Parameters:
    ///   - documents: The SLOs in force; those the rollout watches are looked at.
    ///   - telling: Which answers of the release say how it serves.
    ///   - stored: What was counted before a restart.
    ///   - loadCrashes: Processes in a row that ended while they loaded the release.
    init(
        _ rollout: RolloutRecord,
        watch: RolloutWatch,
        documents: [SLODocument],
        telling: TellingAnswers = TellingAnswers(),
        stored: [SLISeries: [SLIBucket]],
        loadCrashes: Int = 0,
        now: Timestamp
    ) {
        self.rollout = rollout
        self.watch = watch
        self.watch.note(loadCrashes: loadCrashes)
        self.telling = telling
        burns = rollout.triggers.compactMap { trigger in
            guard case .burn(let rate, let long, let short) = trigger else { return nil }
            return Burn(rate: rate, longSeconds: Self.window(long), shortSeconds: Self.window(short))
        }
        let windows = burns.flatMap { [$0.longSeconds, $0.shortSeconds] }
        let since = SLIBucket.fineStart(rollout.startedAt.seconds)
        func filled(_ slo: Name, _ definition: Digest?, _ release: Int?, _ arm: TrafficArm) -> BurnWindows {
            let buckets = stored.filter { series, _ in
                series.slo == slo && series.definition == definition && series.model == rollout.release.model
                    && series.release == release
                    && series.arm == arm
            }.flatMap(\.value).filter { $0.start >= since }
            return BurnWindows(windows: windows, buckets: buckets, now: now.seconds)
        }
        levels = [:]
        for document in Self.watched(documents, by: rollout) {
            let definition = try? document.countingDigest()
            levels[document.name] = Level(
                document: document,
                definition: definition,
                candidateWindows: filled(document.name, definition, rollout.release.number, .live),
                heldBackWindows: filled(document.name, definition, rollout.from, .holdback)
            )
            if let definition { self.watch.begin(document.name, as: definition) }
        }
    }

    /// The documents of the service levels that a rollout watches.
    private static func watched(_ documents: [SLODocument], by rollout: RolloutRecord) -> [SLODocument] {
        let names = Set(rollout.indicators.map(\.name))
        return documents.filter { names.contains($0.name) }
    }

    /// Takes documents into force. A service level that counts in another way from now on begins again: what it counted
    /// before is no evidence.
    mutating func use(_ documents: [SLODocument]) {
        for document in Self.watched(documents, by: rollout) {
            let definition = try? document.countingDigest()
            if levels[document.name]?.definition == definition {
                levels[document.name]?.document = document
                continue
            }
            levels[document.name] = Level(
                document: document,
                definition: definition,
                candidateWindows: emptyWindows,
                heldBackWindows: emptyWindows
            )
            if let definition { watch.begin(document.name, as: definition) }
        }
    }

    private var emptyWindows: BurnWindows { BurnWindows(windows: burns.flatMap { [$0.longSeconds, $0.shortSeconds] }) }

    /// What the release that came in answered, for people.
    var candidate: ArmTally { (watch.seen + tallies).candidate }
    /// What the last settled release answered of its share.
    var heldBack: ArmTally { (watch.seen + tallies).heldBack }

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
        count(judgements, isCandidate, at: record.time, request: record.id, key: record.askingKey)
        guard record.outcome.isValidEvent else { return }
        let failed = record.outcome != .answered
        let counts = EventCounts(valid: 1, bad: failed ? 1 : 0)
        requests = requests + (isCandidate ? ArmCounts(candidate: counts) : ArmCounts(heldBack: counts))
        if isCandidate, telling.contain(record) {
            served = served + EventCounts(valid: 1, bad: record.releaseValidity == false ? 1 : 0)
        }
        if record.outcome == .engineFailed {
            if isCandidate { engineFailures.candidate += 1 } else { engineFailures.heldBack += 1 }
            if isCandidate, firstEngineFailureAt == nil { firstEngineFailureAt = record.time }
        }
        tallies.newest = record.time
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

    /// Counts that the release could not be loaded when it was tried: it would have answered nothing.
    mutating func addFailedLoad(_ release: ReleaseID, in channel: Name, at time: Timestamp) {
        guard rollout.release == release, rollout.channel == channel else { return }
        engineFailures.candidate += 1
        if firstEngineFailureAt == nil { firstEngineFailureAt = time }
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
        // Whose labels count is decided where they come in.
        count(judgements, isCandidate, at: label.at, request: record.id, key: nil)
    }

    private mutating func count(
        _ judgements: [(slo: Name, judgement: EventJudgement)],
        _ isCandidate: Bool,
        at time: Timestamp,
        request: RequestID,
        key: Name?
    ) {
        for (slo, judgement) in judgements {
            // In place: a copy of the windows for each request would cost as much as they hold.
            levels[slo]?.add(judgement, isCandidate, at: time, request: request, key: key)
        }
    }

    private mutating func update(_ isCandidate: Bool, _ change: (inout ArmTally) -> Void) {
        if isCandidate { change(&tallies.candidate) } else { change(&tallies.heldBack) }
    }

    /// Hands what happened to the watch.
    ///
    /// - Returns: What to do.
    mutating func step(monotonicSeconds: Double, now: Timestamp) -> [RolloutAction] {
        var seen: [LevelObservation] = []
        let empty = emptyWindows
        for name in levels.keys.sorted() {
            levels[name]?.advance(to: now.seconds, empty: empty)
            guard let level = levels[name] else { continue }
            seen.append(
                LevelObservation(
                    name: name,
                    counts: ArmCounts(candidate: level.candidate, heldBack: level.heldBack),
                    burn: reading(level.candidateWindows, level.document),
                    heldBackBurn: reading(level.heldBackWindows, level.document),
                    samples: level.samples,
                    firstBadAt: level.firstBadAt,
                    budget: level.document.budget,
                    callers: level.callers.sorted { $0.key < $1.key }.map {
                        CallerEvents(key: $0.key, counts: $0.value)
                    }
                )
            )
            levels[name]?.forget()
        }
        defer {
            requests = ArmCounts()
            served = EventCounts()
            tallies = ArmTallies()
            engineFailures = (0, 0)
            firstEngineFailureAt = nil
        }
        return watch.step(
            RolloutObservation(
                monotonicSeconds: monotonicSeconds,
                time: now,
                requests: requests,
                served: served,
                engineFailures: engineFailures,
                firstEngineFailureAt: firstEngineFailureAt,
                tallies: tallies,
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
                budget: document.budget,
                minimumValid: document.minSamples
            )
        }
        if let burning = verdicts.first(where: \.isBurning) {
            return .burning(rate: burning.burnLong ?? 0, limit: burning.threshold)
        }
        let rates = verdicts.filter(\.isKnown).compactMap(\.burnLong)
        return rates.max().map { .calm(rate: $0) } ?? .unknown
    }
}

extension ActiveWatch.Level {
    fileprivate mutating func add(
        _ judgement: EventJudgement,
        _ isCandidate: Bool,
        at time: Timestamp,
        request: RequestID,
        key: Name?
    ) {
        let counts = EventCounts(valid: judgement.counts.valid, bad: judgement.counts.bad)
        if let key, callers.count < ActiveWatch.callersPerStep || callers[key] != nil {
            let own = isCandidate ? ArmCounts(candidate: counts) : ArmCounts(heldBack: counts)
            callers[key] = (callers[key] ?? ArmCounts()) + own
        }
        if isCandidate {
            candidate = candidate + counts
            candidateWindows.add(judgement, at: time.seconds)
            guard judgement == .bad else { return }
            if firstBadAt == nil { firstBadAt = time }
            if samples.count < ActiveWatch.samplesPerStep { samples.append(request) }
        } else {
            heldBack = heldBack + counts
            heldBackWindows.add(judgement, at: time.seconds)
        }
    }

    /// Moves on to `second`. Where the clock ran far ahead and came back, the windows would stand still until it is there
    /// again: they begin anew.
    fileprivate mutating func advance(to second: Int64, empty: BurnWindows) {
        if candidateWindows.isAhead(of: second) { candidateWindows = empty }
        if heldBackWindows.isAhead(of: second) { heldBackWindows = empty }
        candidateWindows.advance(to: second)
        heldBackWindows.advance(to: second)
    }

    /// What happened since the last step was handed on.
    fileprivate mutating func forget() {
        candidate = EventCounts()
        heldBack = EventCounts()
        samples = []
        callers = [:]
        firstBadAt = nil
    }
}
