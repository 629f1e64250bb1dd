public import RegistryRecords
public import RegistryTypes
import UserDocuments
import Wording

extension RolloutWatch {
    /// Time between two observations that counts at most, in seconds: a process that was stopped, or a clock that
    /// jumped, watched nothing meanwhile.
    public static let longestStep = 5.0
    /// Reports of one rollout at most, so that a burn that flickers does not fill the log.
    private static let maxReports = 40

    /// Takes in what was observed and says what to do.
    ///
    /// - Returns: Nothing most of the time. ``RolloutAction/settle(_:)`` and ``RolloutAction/takeBack(_:)`` are said
    ///   again in each step until ``end(as:)`` tells that the log has them.
    public mutating func step(_ seen: RolloutObservation) -> [RolloutAction] {
        guard state == .probation else { return [] }
        advance(to: seen.monotonicSeconds)
        count(seen)
        return decide(at: seen.time)
    }

    /// What to do before anything is observed: when a server starts and the rollout goes on.
    public mutating func start(at time: Timestamp) -> [RolloutAction] {
        guard state == .probation else { return [] }
        return decide(at: time)
    }

    /// The log has the end of the rollout: because of an action, of a person or of a newer promotion. The first end
    /// stays.
    public mutating func end(as end: RolloutState) {
        guard state == .probation, end != .probation else { return }
        state = end
        decided = nil
    }

    private mutating func advance(to seconds: Double) {
        guard seconds.isFinite else { return }
        if let last = lastMonotonicSeconds { watchedSeconds += min(max(0, seconds - last), Self.longestStep) }
        lastMonotonicSeconds = seconds
    }

    private mutating func count(_ seen: RolloutObservation) {
        // What an older checkpoint lacks is told from its requests, before these are more.
        served = (served ?? EventCounts(valid: answered)) + seen.served
        tallies = (tallies ?? earlierTallies) + seen.tallies
        requests = requests + seen.requests
        if holdback > 0 {
            split.add(
                candidate: seen.requests.candidate.valid,
                heldBack: seen.requests.heldBack.valid,
                holdback: holdback
            )
        }
        let blockSize = ArmComparison.blockSize(holdback: holdback)
        let failures = seen.engineFailures
        if firstEngineFailureAt == nil, failures.candidate > 0 { firstEngineFailureAt = seen.firstEngineFailureAt }
        engine.add(
            ArmCounts(
                candidate: EventCounts(
                    valid: max(seen.requests.candidate.valid, failures.candidate),
                    bad: failures.candidate
                ),
                heldBack: EventCounts(
                    valid: max(seen.requests.heldBack.valid, failures.heldBack),
                    bad: failures.heldBack
                )
            ),
            blockSize: blockSize
        )
        for index in levels.indices {
            guard let level = seen.levels.first(where: { $0.name == levels[index].indicator.name }) else {
                levels[index].addNothing()
                continue
            }
            levels[index].add(level, at: seen.time, watched: watchedSeconds, blockSize: blockSize)
        }
    }

    private mutating func decide(at time: Timestamp) -> [RolloutAction] {
        if decided == nil, let cause = conviction() {
            guard from != nil else { return nothingToReturnTo(cause) }
            decided = cause
        }
        if let decided { return [.takeBack(report(of: decided))] }
        var actions = reports()
        guard watchedSeconds >= probationSeconds else { return actions }
        if let level = levels.first(where: isRestless) {
            if !hasReportedWaiting {
                hasReportedWaiting = true
                actions += reportOnce(burnReport(level, burnCause(of: level), isWaiting: true))
            }
            return actions
        }
        // Silence is no evidence: the watch goes on until the release has answered, or somebody ends it.
        if isServed, !levels.contains(where: isUncompared) { actions.append(.settle(settledReport())) }
        return actions
    }

    /// Whether the release answered enough to say that it served: answers that say something of it. Where nothing of the
    /// held-back share was judged beside them, most of them must not be known to be bad; else the comparison decides, and
    /// what is as bad under both is not its doing.
    var isServed: Bool {
        let known = servedOfOthers
        let bad = isCompared ? 0 : known.bad
        return ChannelSettled.isServed(answered: known.valid - bad, failed: requests.candidate.bad + bad)
    }

    /// Its answers that say how it serves, without the bad ones of keys that the others contradict: no key keeps a release
    /// from settling.
    private var servedOfOthers: EventCounts {
        let known = served ?? EventCounts(valid: answered)
        let odd = levels.filter { $0.indicator.degradation == .badAnswers }.compactMap { $0.oddKeys?.bad }.max() ?? 0
        let left = min(odd, known.bad)
        return known - EventCounts(valid: left, bad: left)
    }

    /// Whether answers of both releases were judged.
    private var isCompared: Bool {
        levels.contains { $0.indicator.degradation == .badAnswers && $0.counts.heldBack.valid > 0 }
    }

    /// Whether bad events of the release wait for a comparison that the policy asks for, and that will come: events of the
    /// held-back share are missing, and not by chance.
    func isUncompared(_ level: LevelWatch) -> Bool {
        guard isNamed(level.indicator.degradation), level.counts.candidate.bad > 0 else { return false }
        return level.counts.heldBack.valid == 0
            && !level.isAlone(holdback: holdback, limit: evidenceLimit(for: level.indicator.degradation))
    }

    /// Whether its time is over and only answers are missing.
    public var waitsForAnswers: Bool {
        state == .probation && decided == nil && watchedSeconds >= probationSeconds
            && (!isServed || levels.contains(where: isUncompared)) && !levels.contains(where: isRestless)
    }

    /// Requests that the release answered since the promotion.
    public var answered: Int { requests.candidate.valid - requests.candidate.bad }

    /// Answers of the release that it settles by: they say how it serves, and are not known to be bad unless both are.
    public var servedAnswers: Int {
        let known = servedOfOthers
        return known.valid - (isCompared ? 0 : known.bad)
    }

    /// The first trigger that returns the release; nil when none does.
    private func conviction() -> RolloutCause? {
        if crashes >= 2 || loadCrashes >= 2 { return RolloutCause(kind: .crashes) }
        if let limit = engineLimit, engine.totals.candidate.bad >= limit, isEngineGuilty {
            return RolloutCause(kind: .engineFailures)
        }
        if let level = levels.first(where: { isNamed($0.indicator.degradation) && isGuilty($0) }) {
            return RolloutCause(kind: .worseThanPrevious, indicator: level.indicator.name)
        }
        let burning = levels.first { level in
            isWatched(level) && level.burn.isBurning && !level.isBurnOfOddKeys && !isListening(level)
                && (isGuilty(level)
                    || level.isAlone(holdback: holdback, limit: evidenceLimit(for: level.indicator.degradation)))
        }
        return burning.map { RolloutCause(kind: .burn, indicator: $0.indicator.name) }
    }

    /// A crash needs no statistics, unless the held-back release crashes too.
    private var isEngineGuilty: Bool {
        engine.totals.heldBack.bad == 0 || engine.highestLogEvidence >= evidenceLimit(for: nil)
    }

    /// How long other keys are listened to at most that seem to contradict one and cannot be sure yet, in seconds.
    private static let longestListening = 10.0

    /// Whether a little more of what other keys ask tells whose the bad answers are: nothing is decided until then.
    private func isListening(_ level: LevelWatch) -> Bool {
        level.leaningSince.map { watchedSeconds - $0 < Self.longestListening } ?? false
    }

    private func isGuilty(_ level: LevelWatch) -> Bool {
        !isListening(level) && level.isAttributed(limit: evidenceLimit(for: level.indicator.degradation))
    }

    /// Whether the policy has a trigger for burning budgets.
    func isWatched(_ level: LevelWatch) -> Bool {
        triggers.contains { if case .burn = $0 { true } else { false } }
    }

    /// Whether a burn is not over yet: none must be seen for ``quietSeconds``, so that one that flickers, as a short
    /// window with few requests does, is one burn.
    private func isRestless(_ level: LevelWatch) -> Bool {
        guard isWatched(level), let last = level.lastBurnSeconds else { return false }
        return watchedSeconds - last < quietSeconds
    }

    /// Whether it burned lately, whoever asked.
    private func wasBurning(_ level: LevelWatch) -> Bool {
        level.lastAnyBurnSeconds.map { watchedSeconds - $0 < quietSeconds } ?? isRestless(level)
    }

    /// Whether it would take the release back, and does not, because the others contradict the key that it is of.
    func isOneKeys(_ level: LevelWatch) -> Bool {
        level.isBurnOfOddKeys && isWatched(level)
            || isNamed(level.indicator.degradation)
                && level.isOfOddKeys(limit: evidenceLimit(for: level.indicator.degradation))
    }

    /// The longest short window of the policy, at least 10 s, at most the probation.
    private var quietSeconds: Double {
        let windows = triggers.compactMap { if case .burn(_, _, let short) = $0 { short } else { nil } }
        return min(max(10, windows.max() ?? 0), probationSeconds)
    }

    func burnCause(of level: LevelWatch) -> BurnCause {
        if level.isBurnOfOddKeys { return .oneKey }
        if from == nil { return .nothingToReturnTo }
        return level.heldBackBurn.isBurning ? .shared : .undecided
    }

    /// What changed about burns that return nothing, each said once.
    private mutating func reports() -> [RolloutAction] {
        var actions: [RolloutAction] = []
        if crashes == 1, !hasReportedCrash {
            hasReportedCrash = true
            actions += reportOnce(crashReport())
        }
        if let limit = engineLimit, engine.totals.candidate.bad >= limit,
            reported[IncidentFamily.engine.rawValue] != .shared
        {
            actions += reportOnce(sharedEngineReport())
        }
        for family in IncidentFamily.allCases {
            let own = levels.filter { $0.indicator.family == family && isWatched($0) }
            let last = reported[family.rawValue]
            let held = levels.first { $0.indicator.family == family && isOneKeys($0) }
            if let held, last != .oneKey, !own.contains(where: { $0.burn.isBurning && !$0.isBurnOfOddKeys }) {
                actions += reportOnce(burnReport(held, .oneKey, isWaiting: false))
            }
            guard held == nil || own.contains(where: \.burn.isBurning) else { continue }
            guard !own.contains(where: isListening) else { continue }
            guard let level = own.first(where: { $0.burn.isBurning && !$0.isBurnOfOddKeys }) else {
                if let last, last != .over, !own.contains(where: wasBurning), let level = own.first {
                    actions += reportOnce(burnReport(level, .over, isWaiting: false))
                }
                continue
            }
            let causes = own.filter { $0.burn.isBurning && !$0.isBurnOfOddKeys }.map(burnCause)
            let cause = causes.contains(.undecided) ? BurnCause.undecided : burnCause(of: level)
            // Once the held-back share was seen to suffer, a moment in which it does not changes nothing.
            if last == cause || (last == .shared && cause == .undecided) { continue }
            actions += reportOnce(burnReport(level, cause, isWaiting: false))
        }
        return actions
    }

    private mutating func nothingToReturnTo(_ cause: RolloutCause) -> [RolloutAction] {
        let report = self.report(of: cause, burn: .nothingToReturnTo)
        guard reported[report.family.rawValue] != .nothingToReturnTo else { return [] }
        return reportOnce(report)
    }

    private mutating func reportOnce(_ report: RolloutReport) -> [RolloutAction] {
        reported[report.family.rawValue] = report.burn
        guard reportCount < Self.maxReports else { return [] }
        reportCount += 1
        return [.report(report)]
    }
}
