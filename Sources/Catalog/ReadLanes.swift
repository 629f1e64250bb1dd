import DequeModule
import Synchronization

/// How urgent a read of the log is. Each lane has readers of its own, so that none waits for another one.
public enum ReadLane: Int, Sendable, CaseIterable {
    /// What a move or a sign-in waits for: never behind pages and lists.
    case first
    /// Pages, lists and everything else.
    case usual
    /// What reads much of the log: one at a time.
    case long

    /// How many may read at once.
    var readers: Int {
        switch self {
        case .first: 2
        case .usual: 4
        case .long: 1
        }
    }
}

/// Gives each lane its readers, in the order of asking.
final class ReadLanes: Sendable {
    private struct Lane {
        var free: Int
        var waiting: Deque<CheckedContinuation<Void, Never>> = []
    }

    private let lanes = Mutex(ReadLane.allCases.map { Lane(free: $0.readers) })

    /// Reads with one of the lane's readers, when there is one.
    func run<Value: Sendable>(_ lane: ReadLane, _ read: () async throws -> Value) async throws -> Value {
        await enter(lane)
        defer { leave(lane) }
        return try await read()
    }

    private func enter(_ lane: ReadLane) async {
        await withCheckedContinuation { continuation in
            let isFree = lanes.withLock { lanes in
                guard lanes[lane.rawValue].free > 0 else {
                    lanes[lane.rawValue].waiting.append(continuation)
                    return false
                }
                lanes[lane.rawValue].free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave(_ lane: ReadLane) {
        let next = lanes.withLock { lanes -> CheckedContinuation<Void, Never>? in
            if let next = lanes[lane.rawValue].waiting.popFirst() { return next }
            lanes[lane.rawValue].free += 1
            return nil
        }
        next?.resume()
    }
}
