import RegistryTypes
import Wording

/// Who reads a whole run again, and who waits for it. It decides; ``RereadTurns`` does.
///
/// One at a time, because a run may have 100,000 pairs; keys take turns, and one key has a part of the places.
struct RereadQueue {
    /// The most that may wait.
    static let maxWaiting = 8
    /// The most that may wait for one key.
    static let maxWaitingOfOne = 3

    /// Why nobody else may wait.
    enum Refusal: Error, Equatable {
        /// The key has as many as one may have.
        case tooManyOfOne
        /// All places are taken.
        case tooMany
    }

    /// One that waits or is at work.
    struct Turn: Equatable {
        let number: Int
        let key: Name
    }

    /// Whose turn it is.
    private(set) var current: Turn?
    /// In the order of asking.
    private(set) var waiting: [Turn] = []
    private var count = 0

    /// Takes somebody in; it is their turn at once where nobody is at work.
    ///
    /// - Throws: ``Refusal``.
    mutating func ask(by key: Name) throws(Refusal) -> Turn {
        guard waiting.count(where: { $0.key == key }) < Self.maxWaitingOfOne else { throw .tooManyOfOne }
        guard waiting.count < Self.maxWaiting else { throw .tooMany }
        count += 1
        let turn = Turn(number: count, key: key)
        if current == nil { current = turn } else { waiting.append(turn) }
        return turn
    }

    /// Takes out one that does not want to wait any longer; false where it is at work or over.
    mutating func leave(_ turn: Turn) -> Bool {
        guard let place = waiting.firstIndex(of: turn) else { return false }
        waiting.remove(at: place)
        return true
    }

    /// The one at work is done: the first of another key comes next, where one waits.
    mutating func next() -> Turn? {
        let place = waiting.firstIndex { $0.key != current?.key } ?? waiting.indices.first
        current = place.map { waiting.remove(at: $0) }
        return current
    }
}

/// Reads of whole runs, one after another: judging stored pairs again, trying a policy on them, looking for some of them.
///
/// An actor, because all who ask share one turn.
actor RereadTurns {
    private var queue = RereadQueue()
    private var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]

    /// Reads when it is the caller's turn; whoever stops waiting loses the place.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `unavailable` where too many wait; `CancellationError`.
    func run<Value: Sendable>(
        by caller: Caller,
        _ read: @Sendable () async throws -> Value
    ) async throws -> Value {
        let turn: RereadQueue.Turn
        do { turn = try queue.ask(by: caller.name) } catch { throw ControlPlaneError(error, caller) }
        guard await comes(turn) else { throw CancellationError() }
        defer { if let next = queue.next() { waiting.removeValue(forKey: next.number)?.resume(returning: true) } }
        try Task.checkCancellation()
        return try await read()
    }

    /// Whether a turn came; false when its task was cancelled before.
    private func comes(_ turn: RereadQueue.Turn) async -> Bool {
        if queue.current == turn { return true }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiting[turn.number] = $0 }
        } onCancel: {
            Task { await self.leave(turn) }
        }
    }

    /// How many wait.
    var waitingCount: Int { queue.waiting.count }

    private func leave(_ turn: RereadQueue.Turn) {
        guard queue.leave(turn) else { return }
        waiting.removeValue(forKey: turn.number)?.resume(returning: false)
    }
}

extension ControlPlaneError {
    /// A whole run that is not read now.
    fileprivate init(_ refusal: RereadQueue.Refusal, _ caller: Caller) {
        let isOwn = refusal == .tooManyOfOne
        self.init(
            .unavailable,
            isOwn
                ? "key \"\(caller.name)\" waits for \(RereadQueue.maxWaitingOfOne) runs that are read again"
                : "\(RereadQueue.maxWaiting) wait for runs that are read again",
            why: "a run may have 100,000 pairs: they are read one after the other, the keys in turns",
            next: "ask again in a few seconds"
        )
    }
}
