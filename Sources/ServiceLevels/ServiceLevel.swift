import Foundation
public import RegistryRecords
public import RegistryTypes
import Statistics
public import UserDocuments
import Wording

/// One SLO of one model at work: its document, its counts, and which of its alerts stand.
public struct ServiceLevel: Sendable {
    /// What is counted and how good it must be.
    public let document: SLODocument
    /// The model.
    public let model: Name
    /// The counts.
    public private(set) var windows: BurnWindows
    /// The alerts that stand; silence does not change them.
    public private(set) var firing: Set<Name>
    /// Those of them that are of keys which the others contradict: they page nobody.
    private var oddKeys: [Name: OddKeys]
    private var callers: CallerWindows
    /// Since when other keys seem to contradict one that an alert is of, and cannot be sure yet; in seconds since 1970.
    private var leaningSince: [Name: Int64] = [:]
    /// Labels of callers that wait until others bear them out, for an indicator that looks at labels.
    public var waitingLabels = 0
    private let rules: [BurnRule]

    /// `document` for `model`, with the counts of `buckets` as of `now`.
    ///
    /// - Parameters:
    ///   - buckets: What is stored for this SLO and model, of all releases and arms, in any order.
    ///   - callers: What is stored of single keys, in any order.
    ///   - firing: The alerts that stood when counting stopped, see ``SLOStatus/firing``; nil to tell it from the buckets.
    ///   - now: Seconds since 1970.
    public init(
        document: SLODocument,
        model: Name,
        buckets: some Collection<SLIBucket>,
        callers: [Name: [SLIBucket]] = [:],
        firing: Set<Name>? = nil,
        now: Int64
    ) {
        self.document = document
        self.model = model
        windows = BurnWindows(document, buckets: buckets, now: now)
        rules = document.alerting.map { BurnRule($0, of: document) }
        self.callers = CallerWindows(document, buckets: buckets, callers: callers, now: now)
        let standing = firing == nil ? Self.standing(document, rules, buckets, callers, now: now) : [:]
        self.firing = firing ?? Set(standing.keys)
        oddKeys = standing.compactMapValues { $0 }
    }

    /// Whether its windows stand so far ahead of `second` that a clock must have run ahead and come back.
    public func isAhead(of second: Int64) -> Bool { windows.isAhead(of: second) }

    /// Counts an event of `second`.
    ///
    /// - Parameter key: Whose texts may be why it was good or bad; nil for nobody's.
    /// - Returns: The start of the fine bucket it was put into, to be stored there.
    @discardableResult
    public mutating func add(_ judgement: EventJudgement, of key: Name? = nil, at second: Int64) -> Int64 {
        let start = windows.add(judgement, at: second)
        callers.add(judgement.counts, of: key, at: windows.newest ?? second)
        return start
    }

    /// Where it stands at `now`. The alerts that stand are remembered.
    public mutating func status(now: Timestamp) -> SLOStatus {
        let second = now.milliseconds / 1000
        windows.advance(to: second)
        callers.advance(to: windows.newest ?? second)
        let counts = counts(document.windowSeconds)
        let span = windows.span
        let state = document.state(counts), left = document.budgetLeft(counts)
        let alerts = zip(document.alerting, rules).map { alertStatus($0, $1, isKnown: state != .unknown) }
        firing = Set(alerts.filter(\.isFiring).map(\.name))
        let spent = (left ?? 1) <= 0 && firing.isEmpty ? callers.oddInAll(of: counts) : nil
        // An alert says more of now; a budget that is spent is of one key where the others have some left.
        let odd =
            oddKeys.filter { firing.contains($0.key) }.values.max { $0.bad < $1.bad }
            ?? spent.flatMap { (document.budgetLeft($0.left) ?? 0) > 0 ? $0.keys : nil }
        let oddWords = odd.map { $0.sentence(document.indicator.kind == .validOutput ? "answer" : "request") }
        let pace = pace()
        let exhaustion = exhaustion(left: left, pace: pace)
        let dataUntil = windows.dataEnd.map { min($0, windows.newest ?? second) }
        let behind = Double(max(0, (windows.newest ?? second) - second))
        let absence = absence(counts, state, span: span)
        let isMissing = absence?.isFiring == true && firing.isEmpty
        let action = left.flatMap { left in document.budgetPolicy.last { left <= $0.atMost }?.action }
        return SLOStatus(
            slo: document.name,
            model: model,
            time: now,
            dataUntil: dataUntil.map { Timestamp(milliseconds: $0 * 1000) },
            state: state,
            counts: counts,
            value: counts.share,
            interval: document.interval(counts),
            budgetLeft: left,
            burn: windows.windows.map(burn),
            alerts: alerts,
            absence: absence,
            pace: pace,
            exhaustionSeconds: exhaustion,
            action: action,
            clockBehindSeconds: behind,
            sentence: sentence(
                counts,
                state,
                left: left,
                pace: isMissing ? nil : pace,
                exhaustion: isMissing ? nil : exhaustion,
                missing: isMissing ? absence : nil,
                behind: behind
            ) + (oddWords.map { "; \($0)" } ?? ""),
            reason: oddWords ?? reason(counts, state, left: left, alerts: alerts, missing: isMissing ? absence : nil),
            oddKeys: oddWords
        )
    }

    /// The share of its budget that is left without keys that the others contradict; nil where there are none, and where
    /// nothing is known without them.
    public var budgetLeftOfOthers: Double? {
        callers.oddInAll(of: counts(document.windowSeconds)).flatMap { document.budgetLeft($0.left) }
    }

    private func counts(_ seconds: Int) -> SLICounts { windows.counts(last: seconds) ?? .zero }

    private func burn(_ seconds: Int) -> BurnRate {
        BurnRate(seconds: seconds, counts: counts(seconds), budget: document.budget)
    }

    /// - Parameter isKnown: Whether the events of the whole window say anything: on what is unknown nobody is paged.
    private mutating func alertStatus(_ alert: BurnAlert, _ rule: BurnRule, isKnown: Bool) -> AlertStatus {
        let long = burn(alert.longSeconds)
        let short = burn(alert.shortSeconds)
        let isBurning = isKnown ? rule.isBurning(long: long.counts, short: short.counts) : nil
        if let isBurning { oddKeys[alert.name] = isBurning ? rule.odd(alert, callers) : nil }
        let isOfKeys = oddKeys[alert.name] != nil || isListening(alert, isBurning: isBurning == true)
        return AlertStatus(
            name: alert.name,
            severity: isOfKeys ? .ticket : alert.severity,
            state: isBurning.map { $0 ? .firing : .quiet } ?? .unknown,
            // Silence of the short window changes nothing; once the long one is empty too, nothing is known of it.
            isFiring: isBurning ?? (isKnown && long.counts.valid > 0 && firing.contains(alert.name)),
            long: long,
            short: short,
            threshold: rule.rate,
            isClamped: rule.isClamped,
            minimumBad: rule.minimumBad,
            lowerBound: long.counts.bad >= rule.minimumBad ? rule.lowerBound(long.counts) : nil
        )
    }

    /// How long other keys are listened to at most before somebody is called, in seconds.
    static let longestListening: Int64 = 30

    /// Whether a little more of what other keys ask tells whose the bad events are.
    private mutating func isListening(_ alert: BurnAlert, isBurning: Bool) -> Bool {
        guard isBurning, alert.severity == .page, callers.isLeaning(alert.shortSeconds), let now = windows.newest else {
            leaningSince[alert.name] = nil
            return false
        }
        let since = leaningSince[alert.name] ?? now
        leaningSince[alert.name] = since
        return now - since < Self.longestListening
    }

    /// The fastest burn of a long window that a few bad events speak for; else that of the longest one.
    private func pace() -> BurnRate? {
        let rates = Set(document.alerting.map(\.longSeconds)).sorted().map(burn).filter { $0.rate != nil }
        let sure = rates.filter { $0.counts.bad >= BurnAlert.minimumBad }.max { ($0.rate ?? 0) < ($1.rate ?? 0) }
        if let rate = sure ?? rates.last { return rate }
        let whole = burn(document.windowSeconds)
        return whole.rate == nil ? nil : whole
    }

    /// The seconds until the budget is gone; a burn of 1 or less never empties a rolling window.
    private func exhaustion(left: Double?, pace: BurnRate?) -> Double? {
        guard let left else { return nil }
        if left <= 0 { return 0 }
        guard let rate = pace?.rate, rate > 1 else { return nil }
        return left * Double(document.windowSeconds) / rate
    }

    /// Whether events stopped coming. Unless the document says after how long, it is the longest of four times: the one
    /// in which the fastest alert would have fired had every event been bad; the one that traffic as usual leaves empty
    /// by chance once in ten windows, evenly spread over at least a day, or as thin as it was just before it stopped; and
    /// twice the longest pause there was in the window, so that a night is no news.
    private func absence(_ counts: SLICounts, _ state: SLOStatus.State, span: ClosedRange<Int64>?) -> AbsenceStatus? {
        guard let span, let newest = windows.newest, state != .off else { return nil }
        let quiet = Double(max(0, newest - span.upperBound - Int64(SLIBucket.fineSeconds)))
        if let after = document.absentAfterSeconds {
            return AbsenceStatus(afterSeconds: Double(after), quietSeconds: quiet)
        }
        // Of a few events nobody knows how often they come.
        guard !document.indicator.isSampled, state != .unknown else { return nil }
        let fastest = zip(document.alerting, rules).map { alert, rule in
            rule.detectionSeconds(longSeconds: alert.longSeconds, shortSeconds: alert.shortSeconds)
        }.min()
        guard let fastest, counts.valid >= 2 else { return nil }
        let seconds = max(Double(span.upperBound - span.lowerBound), 86_400)
        let chance = log(Double(counts.valid) * 10)
        let times = [
            fastest, chance * seconds / Double(counts.valid), chance * windows.recentGapSeconds,
            2 * windows.longestGapSeconds,
        ]
        return AbsenceStatus(afterSeconds: times.max() ?? fastest, quietSeconds: quiet)
    }
}

extension ServiceLevel {
    /// What is the matter, in few words; nil where nothing is.
    func reason(
        _ counts: SLICounts,
        _ state: SLOStatus.State,
        left: Double?,
        alerts: [AlertStatus],
        missing: AbsenceStatus?
    ) -> String? {
        if state == .off { return "nobody has set how long it may take" }
        if let missing {
            return "no event for \(NumberText.elapsed(missing.quietSeconds)), "
                + "\(NumberText.elapsed(missing.afterSeconds)) is unusual"
        }
        if state == .unknown { return lacking(counts, document) }
        let standing = alerts.filter(\.isFiring)
        let worst = standing.first { $0.severity == .page } ?? standing.first
        if let worst, let rate = worst.long.rate {
            let window = NumberText.setTime(Double(worst.long.seconds))
            return "burns \(NumberText.burn(rate)) times as fast as it may over \(window)"
        }
        if let left, left <= 0 { return "overspent by \(NumberText.overspent(left))" }
        return state == .undecided ? "\(NumberText.count(counts.valid, "label")) cannot tell yet" : nil
    }

    /// `no valid events in the last 30 d`.
    private func lacking(_ counts: SLICounts, _ document: SLODocument) -> String {
        let window = NumberText.setTime(Double(document.windowSeconds))
        let wait = waitingLabels == 1 ? "waits" : "wait"
        let waiting =
            waitingLabels == 0
            ? "" : "; \(NumberText.count(waitingLabels, "label")) of callers \(wait) until other keys bear them out"
        return
            (counts.valid == 0
            ? "no valid events in the last \(window)"
            : "\(NumberText.count(counts.valid, "valid event")) in the last \(window), at least "
                + "\(NumberText.count(document.fewestEvents)) are needed") + waiting
    }

    /// Where it stands, in one sentence.
    func sentence(
        _ counts: SLICounts,
        _ state: SLOStatus.State,
        left: Double?,
        pace: BurnRate?,
        exhaustion: Double?,
        missing: AbsenceStatus?,
        behind: Double
    ) -> String {
        if state == .off {
            return
                "\(document.name) of \(model) is off: nobody has set how long it may take (atMost), so nothing is counted"
        }
        let window = NumberText.setTime(Double(document.windowSeconds))
        let clock = behind > 60 ? "; the clock stands \(NumberText.elapsed(behind)) before the newest event" : ""
        guard let share = counts.share, left != nil || state == .undecided else {
            return "\(document.name) of \(model) is unknown: \(lacking(counts, document))\(clock)"
        }
        var text = "\(document.name) of \(model) is \(state.rawValue): "
        if let missing {
            text = "\(document.name) of \(model) has missing traffic: no event came for "
            text +=
                "\(NumberText.elapsed(missing.quietSeconds)), more than \(NumberText.elapsed(missing.afterSeconds)) "
            text += "is unusual, and since then nothing is known; it was \(state.rawValue) before: "
        }
        text += "\(NumberText.good(share, target: document.target)) of "
        text += "\(NumberText.count(counts.valid)) events in the last \(window) were good, "
        text += "target \(NumberText.good(document.target, 4)); "
        text += left.map(Self.budget) ?? undecided(counts)
        if let pace, let rate = pace.rate {
            text += "; it burned \(NumberText.burn(rate)) times as fast as it may over "
            text += NumberText.setTime(Double(pace.seconds))
        }
        if let exhaustion, exhaustion > 0 { text += ", and at this pace is gone in \(NumberText.elapsed(exhaustion))" }
        return text + clock
    }

    /// `the 95 % interval, 85.86 % to 98.22 %, holds the target: nobody can tell yet`.
    private func undecided(_ counts: SLICounts) -> String {
        let ends =
            document.interval(counts)?.map { NumberText.good($0) }.joined(separator: " to ") ?? NumberText.unknown
        return "the 95 % interval, \(ends), holds the target: nobody can tell yet"
    }

    /// `74 % of the error budget is left`, or by how much it is overspent.
    private static func budget(_ left: Double) -> String {
        guard left < 0 else { return "\(NumberText.budget(left)) of the error budget is left" }
        return "the error budget is overspent by \(NumberText.overspent(left))"
    }
}

/// What an event is to a service level.
public enum EventJudgement: String, Hashable, Sendable, CaseIterable {
    /// It does not count.
    case notValid
    /// It counts and was good.
    case good
    /// It counts and was bad.
    case bad

    /// The event as counts.
    public var counts: SLICounts {
        switch self {
        case .notValid: .zero
        case .good: SLICounts(valid: 1, bad: 0)
        case .bad: SLICounts(valid: 1, bad: 1)
        }
    }
}

extension Indicator {
    /// What a request is to this indicator. Only requests of applications count, and of those only the ones that say
    /// something about the service: what the client got wrong or gave up does not, and a measurement that is missing
    /// is never good.
    public func judge(_ record: RequestRecord) -> EventJudgement {
        guard record.source == .user, !isOff else { return .notValid }
        guard record.outcome.isValidEvent else { return .notValid }
        switch self {
        case .availability:
            return record.outcome == .answered ? .good : .bad
        case .totalLatency(let limit):
            guard !record.isStreamed else { return .notValid }
            if record.outcome == .timedOut { return .bad }
            guard record.outcome == .answered else { return .notValid }
            return Self.judge(record.totalSeconds, limit)
        case .timeToFirstToken(let limit):
            guard record.isStreamed else { return .notValid }
            switch record.outcome {
            case .answered: return Self.judge(record.firstTokenSeconds, limit)
            case .timedOut: return record.firstTokenSeconds == nil ? .bad : Self.judge(record.firstTokenSeconds, limit)
            case .rejected, .clientGone, .clientDeadline, .ownLoad, .overloaded, .engineFailed: return .notValid
            }
        case .timePerOutputToken(let limit, let minTokens):
            guard record.outcome == .answered, let tokens = record.outputTokens, tokens >= minTokens else {
                return .notValid
            }
            return Self.judge(record.perTokenSeconds, limit)
        case .validOutput:
            guard record.outcome == .answered, let isValid = record.releaseValidity else { return .notValid }
            return isValid ? .good : .bad
        case .correctness, .userFeedback:
            return .notValid
        }
    }

    /// What a label is to this indicator. Only labels of requests of applications may be given.
    public func judge(_ label: RequestLabel) -> EventJudgement {
        let answer: Bool? =
            switch self {
            case .correctness: label.isCorrect
            case .userFeedback: label.isLiked
            case .availability, .totalLatency, .timeToFirstToken, .timePerOutputToken, .validOutput: nil
            }
        return answer.map { $0 ? .good : .bad } ?? .notValid
    }

    /// A time against its limit; what was not measured, or cannot be a time, does not count.
    private static func judge(_ seconds: Double?, _ limit: Double?) -> EventJudgement {
        guard let limit, let seconds, seconds.isFinite, seconds >= 0 else { return .notValid }
        return seconds <= limit ? .good : .bad
    }
}

extension SLODocument {
    /// What a request is to this SLO: not valid when another channel or model is meant. A request that named a release
    /// or a version asked for no channel and never counts.
    public func judge(_ record: RequestRecord) -> EventJudgement {
        guard record.channel == scope.channel, scope.matches(record.model) else { return .notValid }
        return indicator.judge(record)
    }

    /// What a label of the request `record` is to this SLO; it counts at the label's time.
    public func judge(_ label: RequestLabel, of record: RequestRecord) -> EventJudgement {
        // What is said of an answer that nobody got, or that the request made another one, says nothing of the release.
        guard record.channel == scope.channel, scope.matches(record.model), record.source == .user, record.showsRelease
        else { return .notValid }
        return indicator.judge(label)
    }
}
