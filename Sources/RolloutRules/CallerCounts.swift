import Foundation
public import RegistryTypes
import Statistics
import Wording

/// What single keys had to do with the events of one service level under a rollout: which of them the others contradict,
/// and what the comparison says without each.
///
/// Bounded: the keys with the most bad events are known apart (by the counters of Metwally et al., 2005: one with more
/// than its share of them is never missed), the others together. A comparison without a key begins with its first bad
/// event, as a copy of the whole one: until then its events were good, and told nothing against the release.
struct CallerCounts: Hashable, Sendable, Codable {
    /// One key.
    struct Caller: Hashable, Sendable, Codable {
        let key: Name
        /// Its events since it is known apart.
        var counts = ArmCounts()
        /// Its bad events, with those of keys whose place it took.
        var rank = 0
        /// The comparison without its events; nil while none of them was bad, and for one of a few.
        var without: ArmComparison?
    }

    /// Keys that are known apart.
    static let maxCallers = 32
    /// Keys for which there is a comparison without them.
    static let maxComparisons = 8

    private(set) var callers: [Caller] = []
    /// Events of keys that are not known apart.
    private(set) var rest = ArmCounts()

    /// Counts the events of a step.
    ///
    /// - Parameters:
    ///   - all: The events of all keys, and of none.
    ///   - before: The comparison of all of them, without this step.
    mutating func add(_ step: [CallerEvents], all: ArmCounts, before: ArmComparison, blockSize: Int) {
        for events in step { count(events) }
        for index in callers.indices {
            let own = step.first { $0.key == callers[index].key }?.counts ?? ArmCounts()
            if callers[index].without == nil {
                guard own.candidate.bad + own.heldBack.bad > 0 else { continue }
                callers[index].without = before
            }
            callers[index].without?.add(all - own, blockSize: blockSize)
        }
        dropComparisons()
    }

    private mutating func count(_ events: CallerEvents) {
        let bad = events.counts.candidate.bad + events.counts.heldBack.bad
        if let index = callers.firstIndex(where: { $0.key == events.key }) {
            callers[index].counts = callers[index].counts + events.counts
            callers[index].rank += bad
            return
        }
        guard callers.count >= Self.maxCallers else {
            callers.append(Caller(key: events.key, counts: events.counts, rank: bad))
            return
        }
        let last = callers.indices.min {
            (callers[$0].rank, callers[$0].counts.valid) < (callers[$1].rank, callers[$1].counts.valid)
        }
        guard bad > 0, let last else {
            rest = rest + events.counts
            return
        }
        rest = rest + callers[last].counts
        callers[last] = Caller(key: events.key, counts: events.counts, rank: callers[last].rank + bad)
    }

    private mutating func dropComparisons() {
        let known = callers.indices.filter { callers[$0].without != nil }
        guard known.count > Self.maxComparisons else { return }
        for index in known.sorted(by: { callers[$0].rank > callers[$1].rank }).dropFirst(Self.maxComparisons) {
            callers[index].without = nil
        }
    }

    /// The keys that the others contradict with their events on the release that came in, or on the held-back one.
    func odd(_ arm: KeyPath<ArmCounts, EventCounts>) -> [Caller] {
        callers.filter { against($0, arm)?.isContradicted == true }
    }

    /// Whether the others seem to contradict a key, and cannot be sure yet.
    var isLeaning: Bool {
        callers.contains { caller in
            guard caller.counts.candidate.bad > 0, let found = against(caller, \.candidate) else { return false }
            return found.isLeaning && !found.isContradicted
        }
    }

    private func against(_ caller: Caller, _ arm: KeyPath<ArmCounts, EventCounts>) -> OneAgainstOthers? {
        guard let own = Self.share(caller.counts[keyPath: arm]), own.bad > 0 else { return nil }
        let others = callers.filter { $0.key != caller.key }.map(\.counts) + [rest]
        return OneAgainstOthers(own: own, others: others.compactMap { Self.share($0[keyPath: arm]) })
    }

    private static func share(_ counts: EventCounts) -> Proportion? { Proportion(bad: counts.bad, n: counts.valid) }

    /// The key that gave most of the bad events of the release, where others asked too; nil for none.
    func leading(of total: EventCounts) -> Caller? {
        guard callers.count > 1, total.bad > 1 else { return nil }
        return callers.first { $0.counts.candidate.bad * 5 >= total.bad * 4 }
    }
}

/// The events of one key in one service level since the last observation.
public struct CallerEvents: Hashable, Sendable {
    /// The name of the key.
    public let key: Name
    /// Its events.
    public let counts: ArmCounts

    /// Events of `key`.
    public init(key: Name, counts: ArmCounts) {
        self.key = key
        self.counts = counts
    }
}

extension LevelWatch {
    /// ln of the evidence that has to be reached without a key that the others contradict on the held-back share: each of
    /// those comparisons may be the one that is looked at.
    private static let logComparisons = log(Double(CallerCounts.maxComparisons))

    /// Whether the evidence reached `limit`, the ln of it: the release is the cause. By all events it never goes back once
    /// it was reached. Without any key that the others contradict it must be reached too, so that no key takes a release
    /// back by what it asks, nor keeps it by what it asks of the held-back one.
    func isAttributed(limit: Double) -> Bool {
        let reached = comparison.highestLogEvidence >= limit
        let hiding = reached ? [] : known.odd(\.heldBack).compactMap(\.without)
        guard reached || hiding.contains(where: { $0.highestLogEvidence >= limit + Self.logComparisons }) else {
            return false
        }
        return known.odd(\.candidate).allSatisfy { ($0.without ?? comparison).highestLogEvidence >= limit }
    }

    /// Whether the evidence was reached, and not without one key that the others contradict.
    func isOfOddKeys(limit: Double) -> Bool { comparison.highestLogEvidence >= limit && !isAttributed(limit: limit) }

    /// Whether it burns by what keys asked alone that the others contradict: what those others asked since the release came
    /// in does not burn. A release does not change while it is watched.
    var isBurnOfOddKeys: Bool {
        guard case .burning(_, let rate) = burn, let budget else { return false }
        let odd = known.odd(\.candidate)
        guard !odd.isEmpty else { return false }
        let others = odd.reduce(counts.candidate) { $0 - $1.counts.candidate }
        return Double(others.bad) < rate * budget * Double(others.valid)
    }

    /// The keys that the others contradict with their events on the release, for people; nil for none.
    var oddKeys: OddKeys? {
        let odd = known.odd(\.candidate).sorted { $0.counts.candidate.bad > $1.counts.candidate.bad }
        guard !odd.isEmpty else { return nil }
        let own = odd.reduce(EventCounts()) { $0 + $1.counts.candidate }
        let others = counts.candidate - own
        return OddKeys(
            keys: odd.map(\.key),
            bad: own.bad,
            allBad: counts.candidate.bad,
            othersBad: others.bad,
            othersValid: others.valid
        )
    }

    private var known: CallerCounts { callers ?? CallerCounts() }
}
