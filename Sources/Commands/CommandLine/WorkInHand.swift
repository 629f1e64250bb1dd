import Synchronization

/// What would go on without us: set by a verb before it waits, read when Ctrl-C comes.
final class WorkInHand: Sendable {
    /// What to say to a person who stops waiting.
    struct Note: Hashable, Sendable {
        /// What goes on, such as `canary c-204 goes on`.
        let what: String
        /// How to look at it.
        let next: String
    }

    private let note = Mutex<Note?>(nil)

    /// Sets what goes on; nil when nothing does.
    func set(_ new: Note?) { note.withLock { $0 = new } }

    /// What goes on now.
    var current: Note? { note.withLock { $0 } }
}
