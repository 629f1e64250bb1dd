public import RegistryRecords
import RegistryTypes
import Statistics
import Wording

/// Judges at each look whose pairs are in, until the answer is known: a check that has passed or failed stays so, one that
/// fails ends the run, and so does the last one that passes. What comes later never counts.
///
/// - Returns: the judgment, and the pairs that it rests on.
func judge(_ run: JudgedRun, at looks: LookSchedule) -> (Judgment, JudgedRun) {
    judge(looks, pairs: run.pairs, policy: run.policy) { run.first($0) }
}

/// Judges at each look whose pairs are in a run whose values are made for each look.
///
/// - Parameters:
///   - pairs: the pairs that are in.
///   - values: the run of the first so many pairs; nil for a look that is not taken, because it has other checks.
/// - Returns: the judgment, and the pairs that it rests on.
public func judge(
    _ looks: LookSchedule,
    pairs: Int,
    policy: JudgePolicy,
    values: (_ first: Int) -> JudgedRun?
) -> (judgment: Judgment, run: JudgedRun) {
    var sequence = LookSequence(looks, policy)
    for (index, first) in looks.all.enumerated() where first <= pairs {
        guard let run = values(first) else { continue }
        // Where the first stage was decided, nothing was extended.
        sequence.look(at: run, index)
        if sequence.isDecided { break }
    }
    return sequence.judgment(pairs: pairs) { values(0) ?? JudgedRun([], samples: [:]) }
}

/// What is known after some looks.
private struct LookSequence {
    /// A check that is decided, or as it was seen last.
    private struct Seen {
        let measurement: Measurement
        let pAdjusted: Double?
        let verdict: Verdict
        let look: Int
        var isDecided: Bool { verdict == .pass || verdict == .fail }
    }

    private let schedule: LookSchedule
    private let policy: JudgePolicy
    private let passLevels: [Double]
    private let criticalLevels: [Double]
    private var failLevels: [Double] = []
    private var watchLevels: [Double] = []
    /// By definition, then by check of the definition.
    private var seen: [[Seen]] = []
    private var taken: [Int] = []
    private var judged: JudgedRun?

    init(_ schedule: LookSchedule, _ policy: JudgePolicy) {
        self.schedule = schedule
        self.policy = policy
        passLevels = schedule.levels(alpha: policy.alphaPass)
        criticalLevels = schedule.levels(alpha: min(policy.alphaPass, policy.criticalAlphaPass))
    }

    private var deciding: [Seen] { seen.joined().filter { !$0.measurement.definition.watchOnly } }

    var isDecided: Bool {
        let checks = deciding
        return checks.contains { $0.verdict == .fail } || (!checks.isEmpty && checks.allSatisfy { $0.verdict == .pass })
    }

    mutating func look(at run: JudgedRun, _ index: Int) {
        let levels = self.levels(at: index)
        let parts = run.parts()
        let measured = parts.enumerated().map { place, part -> [Measurement?] in
            // What is decided is not measured again.
            if place < seen.count, seen[place].allSatisfy(\.isDecided) { return seen[place].map { _ in nil } }
            return part.run.measure(part.definition, levels)
        }
        if failLevels.isEmpty {
            // Every deciding check may fail the run: each has its part of that chance (Bonferroni, the first step of Holm).
            let deciding = measured.joined().count { $0?.definition.watchOnly == false }
            failLevels = schedule.levels(alpha: policy.alphaFail / Double(max(1, deciding)))
            watchLevels = schedule.levels(alpha: policy.alphaFail)
        }
        seen = measured.enumerated().map { place, checks in
            checks.enumerated().map { check, measurement in
                let before = place < seen.count && check < seen[place].count ? seen[place][check] : nil
                if let before, before.isDecided { return before }
                return measurement.map { concluded($0, levels, index) } ?? before
            }
            .compactMap(\.self)
        }
        taken.append(schedule.all[index])
        judged = run
    }

    /// The promises in force at one look.
    private func levels(at index: Int) -> JudgePolicy {
        var levels = policy
        levels.alphaPass = passLevels[index]
        levels.criticalAlphaPass = criticalLevels[index]
        return levels
    }

    private func concluded(_ measurement: Measurement, _ levels: JudgePolicy, _ index: Int) -> Seen {
        let level = measurement.definition.watchOnly ? watchLevels[index] : failLevels[index]
        // Brought to the level of the run, so that a report compares it with one number.
        let p = measurement.effect.map { min(1, $0.pDegradation * policy.alphaFail / level) } ?? 1
        let conclusion = measurement.conclusion(pAdjusted: p, Evidence(measurement), levels)
        return Seen(measurement: measurement, pAdjusted: p, verdict: conclusion.verdict, look: index)
    }

    func judgment(pairs available: Int, nothing: () -> JudgedRun) -> (judgment: Judgment, run: JudgedRun) {
        guard let judged, let pairs = taken.last else {
            // Before the first look nothing is known, whatever the values say.
            let empty = nothing()
            var judgment = judge(empty.definitions, samples: [:], policy: policy)
            let sentence =
                "the first look is at \(NumberText.count(schedule.pairs[0])) requests, "
                + "\(NumberText.count(available)) are in"
            judgment.verdict = .inconclusive
            judgment.reasons = [sentence]
            judgment.looks = record([], sentence)
            return (judgment, empty)
        }
        let decidingChecks = deciding.count
        let checks = seen.joined().map { check in
            var result = check.measurement.result(
                pAdjusted: check.pAdjusted,
                decidingChecks: decidingChecks,
                policy: levels(at: check.look),
                planning: policy
            )
            // A check that only watches has a p-value of its own and none of the family.
            if check.measurement.definition.watchOnly { result.pAdjusted = nil }
            result.decidedAt = check.isDecided ? schedule.all[check.look] : nil
            return result
        }
        var judgment = Judgment(checks, policy)
        let isLast = taken.count == schedule.all.count || (pairs == schedule.maximum && schedule.extensionPairs.isEmpty)
        let sentence = sentence(judgment, pairs, isLast: isLast)
        if !isDecided, !isLast {
            // A change that is really there may still turn out to be allowed, or not.
            judgment.verdict = .inconclusive
        }
        judgment.reasons.append(sentence)
        judgment.looks = record(taken, sentence)
        return (judgment, judged)
    }

    private func record(_ pairs: [Int], _ sentence: String) -> LookRecord {
        LookRecord(
            pairs: pairs,
            planned: schedule.all.count,
            maximum: schedule.maximum,
            isExtended: (pairs.last ?? 0) > schedule.maximum,
            sentence: sentence
        )
    }

    /// Why the run stops here or goes on, in one sentence.
    private func sentence(_ judgment: Judgment, _ pairs: Int, isLast: Bool) -> String {
        let allowed = NumberText.count(pairs > schedule.maximum ? schedule.all.last ?? pairs : schedule.maximum)
        let place = "look \(taken.count) of \(schedule.all.count)"
        let extended = pairs > schedule.maximum ? ", extended beyond \(NumberText.count(schedule.maximum))" : ""
        let stopped = "stopped after \(NumberText.count(pairs)) of at most \(allowed) requests (\(place)\(extended))"
        if let worst = judgment.checks.first(where: { !$0.watchOnly && $0.verdict == .fail }) {
            return "\(stopped): \(worst.title) is worse beyond doubt, and more requests would not change that"
        }
        if isDecided { return "\(stopped): every deciding check passes, and more requests would not change that" }
        let asked = "\(NumberText.count(pairs)) requests were looked at (\(place)\(extended))"
        return isLast ? "\(asked), and that was the last look" : "\(asked), not decided yet"
    }
}
