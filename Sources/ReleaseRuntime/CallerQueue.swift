import DequeModule

/// The live requests that wait for an engine, in turns that are fair to callers: one caller's many requests neither hold
/// up nor turn away the few of another.
struct CallerQueue {
    /// What became of a request that came.
    enum Admission {
        /// It waits.
        case added
        /// It waits in the place of another one, the newest of the caller with the most, which is turned away.
        case addedInstead(of: QueuedRequest, isOwn: Bool)
        /// It is turned away; `isOwn` where its own caller took the places of others.
        case refused(isOwn: Bool)
    }

    /// In the order in which they came.
    private var waiting: Deque<QueuedRequest> = []
    /// Requests of each caller that wait or run.
    private var places: [String: Int] = [:]
    /// Requests of each caller that run.
    private var running: [String: Int] = [:]
    /// Who began last, and who did before of the others.
    private var turns: [(caller: String, at: ContinuousClock.Instant)] = []

    /// For how long others that had their turns show that the engine serves.
    private static let believedTurn = Duration.seconds(60)

    var count: Int { waiting.count }
    var isEmpty: Bool { waiting.isEmpty }

    /// Takes a request in, as long as fewer than `limit` wait.
    mutating func add(_ request: QueuedRequest, limit: Int, at now: ContinuousClock.Instant) -> Admission {
        guard waiting.count >= limit else {
            append(request)
            return .added
        }
        let mine = places[request.caller, default: 0]
        guard let newest = newestOfLargest(), places[newest.caller, default: 0] > mine + 1 else {
            return .refused(isOwn: isFlood(of: request.caller, at: now))
        }
        let isOwn = isFlood(of: newest.caller, at: now)
        waiting.remove(at: waiting.lastIndex { $0 === newest } ?? waiting.endIndex - 1)
        release(newest.caller)
        append(request)
        return .addedInstead(of: newest, isOwn: isOwn)
    }

    /// The request whose turn it is, if it fits: of the caller with the fewest that run, and of those the one that came
    /// first. One that does not fit holds those behind it, or large ones would never have their turn.
    mutating func next(at now: ContinuousClock.Instant, fits: (QueuedRequest) -> Bool) -> QueuedRequest? {
        var turn: (index: Int, running: Int)?
        for (index, request) in waiting.enumerated() {
            let count = running[request.caller, default: 0]
            guard count < turn?.running ?? .max else { continue }
            turn = (index, count)
            if count == 0 { break }
        }
        guard let turn, fits(waiting[turn.index]) else { return nil }
        let request = waiting.remove(at: turn.index)
        running[request.caller, default: 0] += 1
        turns = [(request.caller, now)] + turns.filter { $0.caller != request.caller }.prefix(1)
        return request
    }

    /// A request that ran is over.
    mutating func finished(_ request: QueuedRequest) {
        running[request.caller, default: 1] -= 1
        if running[request.caller] == 0 { running[request.caller] = nil }
        release(request.caller)
    }

    /// Takes out those that `ending` has an error for.
    mutating func removeAll(
        at now: ContinuousClock.Instant,
        _ ending: (QueuedRequest) -> (any Error)?
    ) -> [(QueuedRequest, any Error)] {
        guard waiting.contains(where: { ending($0) != nil }) else { return [] }
        var ended: [(QueuedRequest, any Error)] = []
        var floods: [String: Bool] = [:]
        let before = self
        waiting.removeAll { request in
            guard var error = ending(request) else { return false }
            let isFlood =
                floods[request.caller]
                ?? (before.places[request.caller, default: 0] > 1 && before.isFlood(of: request.caller, at: now))
            floods[request.caller] = isFlood
            if isFlood, case .deadlinePassed = error as? ReleaseRuntimeError {
                error = ReleaseRuntimeError.waitedBehindOwn
            }
            ended.append((request, error))
            return true
        }
        for (request, _) in ended { release(request.caller) }
        return ended
    }

    /// Takes out all that wait.
    // An empty deque as an array writes to the empty array that all threads share.
    mutating func removeAll() -> Deque<QueuedRequest> {
        defer { waiting = [] }
        for request in waiting { release(request.caller) }
        return waiting
    }

    private mutating func append(_ request: QueuedRequest) {
        waiting.append(request)
        places[request.caller, default: 0] += 1
    }

    private mutating func release(_ caller: String) {
        places[caller, default: 1] -= 1
        if places[caller] == 0 { places[caller] = nil }
    }

    /// Whether a caller has more than half of all places while others had their turns: what is turned away of it then is
    /// its own doing. Where nobody has as many, too many ask; and where only one asks, nobody else's requests show that
    /// the engine serves, so that one which does not would hide behind its only caller. The server itself is no caller.
    private func isFlood(of caller: String, at now: ContinuousClock.Instant) -> Bool {
        !caller.isEmpty && places[caller, default: 0] * 2 > places.values.reduce(0, +)
            && turns.contains { $0.caller != caller && !$0.caller.isEmpty && now - $0.at < Self.believedTurn }
    }

    /// The last request that came of the caller with the most places, of those that have one waiting.
    private func newestOfLargest() -> QueuedRequest? {
        var newest: QueuedRequest?
        for request in waiting {
            let largest = newest.map { places[$0.caller, default: 0] } ?? 0
            if places[request.caller, default: 0] >= largest { newest = request }
        }
        return newest
    }
}
