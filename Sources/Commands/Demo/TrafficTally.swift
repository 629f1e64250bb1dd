/// What is known of a run so far. It decides nothing about time: the offsets come from the caller.
struct TrafficTally: Hashable, Sendable {
    /// A slot of the sparkline.
    struct Slot: Hashable, Sendable {
        var answered = 0
        var wrong = 0
    }

    /// A request that starts this much after it was due counts as late.
    static let lateSeconds = 0.1

    /// Seconds of a slot.
    let slotSeconds: Double
    private(set) var sent = 0
    private(set) var late = 0
    private(set) var unsent = 0
    private(set) var abandoned = 0
    private(set) var labelled = 0
    private(set) var releases: [String: ReleaseTally] = [:]
    /// Why requests failed, and how often.
    private(set) var failures: [String: Int] = [:]
    /// Why labels were not taken, and how often.
    private(set) var unlabelled: [String: Int] = [:]
    private(set) var times = TimeCounts()
    private(set) var slots: [Slot]

    init(seconds: Double, slots: Int = 24) {
        slotSeconds = max(seconds / Double(slots), 0.001)
        self.slots = Array(repeating: Slot(), count: slots)
    }

    var answered: Int { releases.values.reduce(0) { $0 + $1.answered } }
    var wrong: Int { releases.values.reduce(0) { $0 + $1.wrong } }
    var notJSON: Int { releases.values.reduce(0) { $0 + $1.notJSON } }
    var failed: Int { failures.values.reduce(0, +) }

    /// A request that was due at `due` is sent at `now`.
    mutating func send(due: Double, now: Double) {
        sent += 1
        if now - due > Self.lateSeconds { late += 1 }
    }

    /// Requests that were due and could not be sent in time.
    mutating func leave(_ count: Int) { unsent += count }

    /// A request ended.
    mutating func add(_ request: SentRequest) {
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
