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
        /// It is turned away; `isOwn` where its own caller took the places.
        case refused(isOwn: Bool)
    }

    /// In the order in which they came.
    private var waiting: Deque<QueuedRequest> = []
    /// Requests of each caller that wait or run.
    private var places: [String: Int] = [:]
    /// Requests of each caller that run.
    private var running: [String: Int] = [:]

    var count: Int { waiting.count }
    var isEmpty: Bool { waiting.isEmpty }

    /// Takes a request in, as long as fewer than `limit` wait.
    mutating func add(_ request: QueuedRequest, limit: Int) -> Admission {
        guard waiting.count >= limit else {
            append(request)
            return .added
        }
        let mine = places[request.caller, default: 0]
        guard let newest = newestOfLargest(), places[newest.caller, default: 0] > mine + 1 else {
            return .refused(isOwn: hasHalf(request.caller))
        }
        let isOwn = hasHalf(newest.caller)
        waiting.remove(at: waiting.lastIndex { $0 === newest } ?? waiting.endIndex - 1)
        release(newest.caller)
        append(request)
        return .addedInstead(of: newest, isOwn: isOwn)
    }

    /// The request whose turn it is, if it fits: of the caller with the fewest that run, and of those the one that came
    /// first. One that does not fit holds those behind it, or large ones would never have their turn.
    mutating func next(fits: (QueuedRequest) -> Bool) -> QueuedRequest? {
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
        return request
    }

    /// A request that ran is over.
    mutating func finished(_ request: QueuedRequest) {
        running[request.caller, default: 1] -= 1
        if running[request.caller] == 0 { running[request.caller] = nil }
        release(request.caller)
    }

    /// Takes out those that `ending` has an error for.
    mutating func removeAll(_ ending: (QueuedRequest) -> (any Error)?) -> [(QueuedRequest, any Error)] {
        guard waiting.contains(where: { ending($0) != nil }) else { return [] }
        var ended: [(QueuedRequest, any Error)] = []
        let before = places
        let all = before.values.reduce(0, +)
        waiting.removeAll { request in
            guard var error = ending(request) else { return false }
            let mine = before[request.caller, default: 0]
            let isOwn = !request.caller.isEmpty && mine > 1 && mine * 2 >= all
            if isOwn, case .deadlinePassed = error as? ReleaseRuntimeError {
                error = ReleaseRuntimeError.waitedBehindOwn
            }
            ended.append((request, error))
            return true
        }
        for (request, _) in ended { release(request.caller) }
        return ended
    }

    /// Takes out all that wait.
    mutating func removeAll() -> [QueuedRequest] {
        defer { waiting = [] }
        for request in waiting { release(request.caller) }
        return Array(waiting)
    }

    private mutating func append(_ request: QueuedRequest) {
        waiting.append(request)
        places[request.caller, default: 0] += 1
    }

    private mutating func release(_ caller: String) {
        places[caller, default: 1] -= 1
        if places[caller] == 0 { places[caller] = nil }
    }

    /// Whether a caller has half of all places or more: what is turned away then is turned away by its own doing. Where
    /// nobody has, too many ask. The server itself is no caller.
    private func hasHalf(_ caller: String) -> Bool {
        !caller.isEmpty && places[caller, default: 0] * 2 >= places.values.reduce(0, +)
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
