import Foundation

/// What is known of a run so far. It decides nothing about time: the offsets come from the caller.
public struct TrafficTally: Hashable, Sendable {
    /// A slot of the sparkline.
    public struct Slot: Hashable, Sendable {
        /// Answers in it.
        public internal(set) var answered = 0
        /// Of those, wrong ones.
        public internal(set) var wrong = 0
    }

    /// A request that starts this much after it was due counts as late.
    public static let lateSeconds = 0.1

    /// Seconds of a slot.
    public let slotSeconds: Double
    /// Requests sent.
    public private(set) var sent = 0
    /// Of those, sent more than ``lateSeconds`` after they were due.
    public private(set) var late = 0
    /// Due, but never sent.
    public private(set) var unsent = 0
    /// Given up because the run was stopped.
    public private(set) var abandoned = 0
    /// Labels taken.
    public private(set) var labelled = 0
    /// Answers by release.
    public private(set) var releases: [String: ReleaseTally] = [:]
    /// Why requests failed, and how often.
    public private(set) var failures: [String: Int] = [:]
    /// Why labels were not taken, and how often.
    public private(set) var unlabelled: [String: Int] = [:]
    private(set) var times = TimeCounts()
    /// Answers over time, for a sparkline.
    public private(set) var slots: [Slot]

    /// Nothing yet, of a run of `seconds`.
    public init(seconds: Double, slots: Int = 24) {
        slotSeconds = max(seconds / Double(slots), 0.001)
        self.slots = Array(repeating: Slot(), count: slots)
    }

    /// Answers of all releases.
    public var answered: Int { releases.values.reduce(0) { $0 + $1.answered } }
    /// Wrong answers of all releases.
    public var wrong: Int { releases.values.reduce(0) { $0 + $1.wrong } }
    /// Answers of all releases that are no JSON.
    public var notJSON: Int { releases.values.reduce(0) { $0 + $1.notJSON } }
    /// Requests that were not answered.
    public var failed: Int { failures.values.reduce(0, +) }

    /// A request that was due at `due` is sent at `now`.
    public mutating func send(due: Double, now: Double) {
        sent += 1
        if now - due > Self.lateSeconds { late += 1 }
    }

    /// Requests that were due and could not be sent in time.
    public mutating func leave(_ count: Int) { unsent += count }

    /// A request ended.
    public mutating func add(_ request: SentRequest) {
        switch request.end {
        case .abandoned: abandoned += 1
        case .failed(let reason): failures[reason, default: 0] += 1
        case .answered(let answer):
            releases[answer.release, default: ReleaseTally()].add(answer, at: request.ended)
            // From when it was due: a request that had to wait on this side waited too.
            times.add(request.ended - request.due)
            let slot = min(slots.count - 1, max(0, Int(request.ended / slotSeconds)))
            slots[slot].answered += 1
            if !answer.isRight { slots[slot].wrong += 1 }
            switch answer.label {
            case .taken: labelled += 1
            case .notWanted: break
            case .refused(let reason): unlabelled[reason, default: 0] += 1
            }
        }
    }
}

/// What one release answered during a run. Times are seconds after the start, as this side saw them.
public struct ReleaseTally: Hashable, Sendable {
    /// Answers.
    public private(set) var answered = 0
    /// Of those, as the held-back share of a rollout.
    public private(set) var heldBack = 0
    /// Wrong answers.
    public private(set) var wrong = 0
    /// Answers that are no JSON.
    public private(set) var notJSON = 0
    /// Seconds after the start at which the first answer came.
    public private(set) var firstAnswer = 0.0
    /// Seconds after the start at which the last answer came.
    public private(set) var lastAnswer = 0.0
    /// Seconds after the start at which the first wrong answer came.
    public private(set) var firstWrong: Double?
    /// Seconds after the start at which the last wrong answer came.
    public private(set) var lastWrong: Double?

    /// Counts an answer; they may come in any order.
    mutating func add(_ answer: SentRequest.Answer, at ended: Double) {
        firstAnswer = answered == 0 ? ended : min(firstAnswer, ended)
        lastAnswer = max(lastAnswer, ended)
        answered += 1
        if answer.arm == "holdback" { heldBack += 1 }
        if !answer.isJSON { notJSON += 1 }
        guard !answer.isRight else { return }
        wrong += 1
        firstWrong = min(firstWrong ?? ended, ended)
        lastWrong = max(lastWrong ?? ended, ended)
    }
}

/// How long requests took, in buckets 2 % wide from 10 µs to 10 min: quantiles in constant space.
struct TimeCounts: Hashable, Sendable {
    private static let shortest = 1e-5
    private static let width = 1.02
    private var counts = [Int](repeating: 0, count: 905)
    private var total = 0

    /// Counts a time in seconds.
    mutating func add(_ seconds: Double) {
        let place = log(max(seconds, Self.shortest) / Self.shortest) / log(Self.width)
        counts[min(counts.count - 1, Int(place))] += 1
        total += 1
    }

    /// The time in seconds that `share` of the requests stayed under, within 2 %; nil without any.
    func quantile(_ share: Double) -> Double? {
        guard total > 0 else { return nil }
        var left = max(1, Int((share * Double(total)).rounded(.up)))
        for (place, count) in counts.enumerated() {
            left -= count
            if left <= 0 { return Self.shortest * pow(Self.width, Double(place) + 0.5) }
        }
        return nil
    }
}
