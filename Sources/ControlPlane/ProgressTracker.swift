import Synchronization
import WireFormat

/// How far each running piece of work is, for everybody to read. A finished piece is taken off.
final class ProgressTracker<ID: Hashable & Sendable>: Sendable {
    private let entries = Mutex<[ID: WorkProgress]>([:])

    /// Shows how far a piece of work is. Lanes report side by side, so an earlier count may come late; it is dropped.
    func show(_ progress: WorkProgress, for id: ID) {
        entries.withLock { if progress.done >= $0[id]?.done ?? 0 { $0[id] = progress } }
    }

    /// Takes a finished piece of work off the board.
    func remove(_ id: ID) { entries.withLock { $0[id] = nil } }

    /// How far a piece of work is; nil when it does not run.
    func progress(of id: ID) -> WorkProgress? { entries.withLock { $0[id] } }

    /// All that runs.
    func all() -> [ID: WorkProgress] { entries.withLock { $0 } }
}
