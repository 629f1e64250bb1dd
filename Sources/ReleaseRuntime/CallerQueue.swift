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

    /// Whether a request can begin.
    enum Room {
        /// It can.
        case free
        /// Its caller has its share of what there is, and others come before it.
        case othersOnly
        /// Not until something has ended.
        case none
    }

    /// The request whose turn it is, if it fits: of the caller with the fewest that run, and of those the one that came
    /// first. One that does not fit holds those behind it, or large ones would never have their turn; one whose caller has
    /// its share holds nobody else's.
    ///
    /// - Parameter room: what there is for a request, and for one whose caller is not the only one.
    mutating func next(
        at now: ContinuousClock.Instant,
        room: (QueuedRequest, _ isAmongOthers: Bool) -> Room
    ) -> QueuedRequest? {
        var passed: Set<String> = []
        while let index = turn(passing: passed) {
            let request = waiting[index]
            switch room(request, isAmongOthers(request.caller, at: now)) {
            case .none: return nil
            case .othersOnly: passed.insert(request.caller)
            case .free:
                waiting.remove(at: index)
                running[request.caller, default: 0] += 1
                turns = [(request.caller, now)] + turns.filter { $0.caller != request.caller }.prefix(1)
                return request
            }
        }
        return nil
    }

    /// Where the request waits whose turn it is when some callers are passed over.
    private func turn(passing passed: Set<String>) -> Int? {
        var turn: (index: Int, running: Int)?
        for (index, request) in waiting.enumerated() where !passed.contains(request.caller) {
            let count = running[request.caller, default: 0]
            guard count < turn?.running ?? .max else { continue }
            turn = (index, count)
            if count == 0 { break }
        }
        return turn?.index
    }

    /// Whether others wait, run, or had a turn lately.
    private func isAmongOthers(_ caller: String, at now: ContinuousClock.Instant) -> Bool {
        places.count > (places[caller] == nil ? 0 : 1)
            || turns.contains { $0.caller != caller && now - $0.at < Self.believedTurn }
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
