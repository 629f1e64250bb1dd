import Foundation
public import RegistryRecords
import RegistryTypes
import Wording

/// What a watch says of itself: numbers first, one sentence, no verdict without its counts.
extension RolloutWatch {
    func report(of cause: RolloutCause, burn: BurnCause? = nil) -> RolloutReport {
        let level = levels.first { $0.indicator.name == cause.indicator }
        let why: String
        let title: String
        switch cause.kind {
        case .crashes:
            why =
                crashes >= 2
                ? "the server process ended \(Self.times(crashes)) while it ran r\(release.number)"
                : "the server process ended \(Self.times(loadCrashes)) in a row while it loaded r\(release.number)"
            title = "r\(release.number) ends the server process"
        case .engineFailures:
            why = "the engine failed \(Self.times(engineFailures.candidate)) under r\(release.number)"
            title = "the engine fails under r\(release.number)"
        case .worseThanPrevious:
            why = level.map { comparison($0) + leading($0) } ?? "it is worse than the release before"
            title = "\(cause.indicator?.text ?? "a service level") is worse under r\(release.number)"
        case .burn:
            why = level.map { "\(rate($0.burn)); \(comparison($0))\(leading($0))" } ?? "its error budget burns"
            title = "\(cause.indicator?.text ?? "a service level") burns under r\(release.number)"
        }
        let sentence =
            burn == .nothingToReturnTo
            ? "r\(release.number) stays, because there is no settled release to go back to: \(why)"
            : "r\(release.number) was returned\(from.map { " to r\($0)" } ?? ""): \(why)"
        return RolloutReport(
            cause: burn == nil ? cause : nil,
            burn: burn,
            family: level?.indicator.family ?? .engine,
            title: title,
            result: result(sentence, of: level, firstBadAt: level == nil ? firstEngineFailureAt : nil),
            samples: level?.samples ?? []
        )
    }

    func burnReport(_ level: LevelWatch, _ burn: BurnCause, isWaiting: Bool) -> RolloutReport {
        let name = level.indicator.name
        let sentence: String
        switch burn {
        case .undecided:
            sentence = "\(name) burns under r\(release.number), cause not yet told apart: \(comparison(level))"
        case .shared:
            let other = from.map { "r\($0)" } ?? "the release before"
            sentence = "\(name) burns under \(other) too, so r\(release.number) stays: \(comparison(level))"
        case .nothingToReturnTo:
            sentence = "\(name) burns, and there is no settled release to go back to: \(rate(level.burn))"
        case .oneKey:
            let found = level.oddKeys.map { $0.sentence() } ?? "the other keys contradict the one that it is of"
            sentence = "r\(release.number) stays: \(found) (\(name))"
        case .over:
            sentence = "\(name) burns no longer: \(rate(level.burn))"
        }
        let waits = isWaiting ? "; the probation is over, and settling waits while it burns" : ""
        return RolloutReport(
            burn: burn,
            family: level.indicator.family,
            severity: burn == .oneKey ? .ticket : .page,
            title: title(of: burn, name),
            result: result(sentence + waits, of: level),
            samples: level.samples
        )
    }

    private func title(of burn: BurnCause, _ name: Name) -> String {
        switch burn {
        case .undecided, .shared, .nothingToReturnTo: "\(name) burns while r\(release.number) is watched"
        case .oneKey: "\(name) of one key is bad while r\(release.number) is watched"
        case .over: "\(name) burns no longer"
        }
    }

    func crashReport() -> RolloutReport {
        RolloutReport(
            burn: .undecided,
            family: .engine,
            title: "the server process ended while r\(release.number) was running",
            result: result(
                "the server process ended once while it ran r\(release.number); a second time returns the release",
                of: nil
            )
        )
    }

    func sharedEngineReport() -> RolloutReport {
        RolloutReport(
            burn: .shared,
            family: .engine,
            title: "the engine fails while r\(release.number) is watched",
            result: result(
                "the engine failed \(Self.times(engineFailures.candidate)) under r\(release.number) and "
                    + "\(Self.times(engineFailures.heldBack)) under the held-back release, so r\(release.number) stays",
                of: nil,
                firstBadAt: firstEngineFailureAt
            )
        )
    }

    func settledReport() -> RolloutReport {
        let seen =
            "\(NumberText.count(requests.candidate.valid, "request")), \(worst.map(counts) ?? unblemished)\(oddWords)"
        return RolloutReport(
            family: .quality,
            severity: .ticket,
            title: "r\(release.number) settled",
            result: result("r\(release.number) settled after \(NumberText.duration(watchedSeconds)): \(seen)", of: nil)
        )
    }

    /// What was seen until now, or until a person or a newer promotion ended the watch.
    public func resultSoFar() -> RolloutResult {
        let watched = "r\(release.number) was watched for \(NumberText.duration(watchedSeconds))"
        let seen = requests.candidate.valid == 0 ? "no traffic seen" : "\(NumberText.count(answered)) answered"
        return result("\(watched): \(seen)" + (waitsFor.map { ", \($0)" } ?? "") + oddWords, of: nil)
    }

    /// What is said beside everything else where the others contradict a key: a break that one application sees is real.
    private var oddWords: String { oddSentence.map { "; \($0)" } ?? "" }

    /// What is of keys that the others contradict, the most of it; nil for nothing.
    public var oddSentence: String? { levels.compactMap(\.oddKeys).max { $0.bad < $1.bad }?.sentence() }

    /// That most of it is of one key, where nobody can tell who is odd, or the others bear it out.
    private func leading(_ level: LevelWatch) -> String {
        guard let one = level.callers?.leading(of: level.counts.candidate) else { return "" }
        let bad = NumberText.count(level.counts.candidate.bad)
        return "; \(NumberText.count(one.counts.candidate.bad)) of the \(bad) are of one key, \(one.key)"
    }

    /// Whether its answers were looked at, where nothing bad was seen: none judged is not none bad.
    private var unblemished: String {
        let judged = levels.filter { $0.indicator.degradation == .badAnswers }.map(\.counts.candidate.valid).max() ?? 0
        return judged > 0
            ? "no bad answer among \(NumberText.count(judged)) that were judged"
            : "whether the answers are good is unknown: none was judged"
    }

    /// What settling waits for once its time is over; nil where it waits for nothing.
    public var waitsFor: String? {
        guard waitsForAnswers else { return nil }
        if isServed {
            return "settling waits for answers of \(from.map { "r\($0)" } ?? "the release before") to compare with"
        }
        guard requests.candidate.valid > 0 else { return "settling waits for answers: no traffic" }
        let enough = servedAnswers >= ChannelSettled.neededAnswers
        return enough
            ? "settling waits until more answers are good than bad or missing"
            : "settling waits for answers: \(NumberText.count(servedAnswers)) of \(ChannelSettled.neededAnswers) that "
                + "are whole, as the release makes them, and not bad"
    }

    private static func times(_ count: Int) -> String { count == 1 ? "once" : "\(NumberText.count(count)) times" }

    private func result(_ sentence: String, of level: LevelWatch?, firstBadAt: Timestamp? = nil) -> RolloutResult {
        let shown = level ?? worst
        return RolloutResult(
            watchedSeconds: watchedSeconds,
            requests: requests.candidate.valid,
            heldBackRequests: requests.heldBack.valid,
            badAnswers: shown?.counts.candidate.bad ?? 0,
            firstBadAt: firstBadAt ?? shown?.firstBadAt,
            sentence: sentence,
            facts: facts,
            triggers: readings.map { reading in
                RolloutResult.Trigger(
                    trigger: reading.trigger,
                    state: reading.state.rawValue,
                    indicator: reading.indicator,
                    value: reading.value.flatMap { $0.isFinite ? min($0, Self.largestShown) : nil },
                    limit: min(reading.limit, Self.largestShown)
                )
            },
            failedRequests: requests.candidate.bad,
            heldBackFailed: requests.heldBack.bad,
            heldBackBad: shown?.counts.heldBack.bad
        )
    }

    /// Evidence beyond it is no other evidence, and a number that everybody's JSON can hold.
    private static let largestShown = 1e12

    /// The level with the most bad events of the release; nil when there is none.
    private var worst: LevelWatch? {
        levels.filter { $0.counts.candidate.bad > 0 }.max { $0.counts.candidate.bad < $1.counts.candidate.bad }
    }

    private var facts: [String] {
        let kept = from.map { ", r\($0) \(requests.heldBack.valid)" } ?? ""
        var lines = ["requests: r\(release.number) \(requests.candidate.valid)\(kept)"]
        for level in levels where level.counts.valid > 0 {
            // A policy without burn triggers asks for no rates: nothing is said of them then.
            let burn = level.burn == .unknown ? "" : "; \(rate(level.burn))"
            lines.append("\(level.indicator.name): \(comparison(level))\(burn)")
            if let odd = level.oddKeys { lines.append("\(level.indicator.name): \(odd.sentence())") }
        }
        if engine.totals.candidate.bad + engine.totals.heldBack.bad > 0 {
            lines.append(
                "engine failures: r\(release.number) \(engineFailures.candidate), held back \(engineFailures.heldBack)"
            )
        }
        if crashes > 0 { lines.append("the server process ended \(Self.times(crashes))") }
        if requests.candidate.valid == 0 { lines.append("no traffic seen") }
        if split.isOff {
            lines.append("the traffic is not split as the policy says (\(NumberText.share(holdback)) held back)")
        }
        return lines
    }

    /// `r2 21 of 40 bad, r1 0 of 17: sure that r2 is worse (388 times likelier than by chance; 80 times is sure)`.
    private func comparison(_ level: LevelWatch) -> String {
        guard let from, holdback > 0 else { return counts(level) }
        let held = level.counts.heldBack
        guard held.valid > 0 else { return "\(counts(level)), no traffic on r\(from)" }
        let limit = evidenceLimit(for: level.indicator.degradation)
        let found = level.comparison.highestLogEvidence
        let how = found >= limit ? "sure that" : "not sure whether"
        return "\(counts(level)), r\(from) \(held.bad) of \(held.valid): \(how) r\(release.number) is worse ("
            + "\(NumberText.likelier(exp(found))); \(NumberText.significant(exp(limit))) times is sure)"
    }

    private func counts(_ level: LevelWatch) -> String {
        "r\(release.number) \(level.counts.candidate.bad) of \(level.counts.candidate.valid) bad"
    }

    private func rate(_ burn: BurnReading) -> String {
        switch burn {
        case .unknown: "burn rate unknown"
        case .calm(let rate): "burn rate \(NumberText.burn(rate))"
        case .burning(let rate, let limit): "burn rate \(NumberText.burn(rate)), limit \(NumberText.burn(limit))"
        }
    }
}
