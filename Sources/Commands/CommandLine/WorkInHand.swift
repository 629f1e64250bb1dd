import Synchronization
import Wording

/// What would go on without us: set by a verb before it waits, read when Ctrl-C comes.
final class WorkInHand: Sendable {
    /// What to say to a person who stops waiting.
    struct Note: Hashable, Sendable {
        /// What goes on, such as `canary c-204 goes on`.
        let what: String
        /// How to look at it.
        let next: Advice
    }

    private let note = Mutex<Note?>(nil)
    private let readers = Atomic<Int>(0)

    /// Sets what goes on; nil when nothing does.
    func set(_ new: Note?) { note.withLock { $0 = new } }

    /// What goes on now.
    var current: Note? { note.withLock { $0 } }

    /// Reads from the standard input, which nothing can interrupt but the end of the process.
    func reading<Text, Failure: Error>(_ read: () throws(Failure) -> Text) throws(Failure) -> Text {
        readers.add(1, ordering: .sequentiallyConsistent)
        defer { readers.subtract(1, ordering: .sequentiallyConsistent) }
        return try read()
    }

    /// Whether a person is being asked, or the standard input is read.
    var isReading: Bool { readers.load(ordering: .sequentiallyConsistent) > 0 }
}
