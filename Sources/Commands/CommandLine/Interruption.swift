import Dispatch
import Foundation
import Synchronization
import Wording

/// Ctrl-C: the first ends the waiting, the second the process.
enum Interruption {
    private static let count = Atomic<Int>(0)

    /// One element when SIGINT or SIGTERM comes the first time; at the second the process ends at once with 130.
    static func first() -> AsyncStream<Void> {
        AsyncStream { continuation in
            for number in [SIGINT, SIGTERM] {
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number)
                source.setEventHandler {
                    // The source holds this closure and is held by it, so that it hears the second signal too.
                    withExtendedLifetime(source) {
                        if count.add(1, ordering: .relaxed).newValue > 1 { _exit(130) }
                        continuation.yield()
                        continuation.finish()
                    }
                }
                source.resume()
            }
        }
    }
}

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

/// Reads a secret from the terminal without showing it.
enum HiddenInput {
    /// How the terminal was before it was told to show nothing.
    private static let before = Mutex<termios?>(nil)

    /// One line of the standard input, not echoed; nil at its end.
    static func readLine() -> String? {
        var state = termios()
        guard tcgetattr(0, &state) == 0 else { return Swift.readLine(strippingNewline: true) }
        before.withLock { $0 = state }
        state.c_lflag &= ~tcflag_t(ECHO)
        guard tcsetattr(0, TCSAFLUSH, &state) == 0 else { return nil }
        defer { restore() }
        return Swift.readLine(strippingNewline: true)
    }

    /// Lets the terminal show again what is typed.
    static func restore() {
        before.withLock { state in
            if var known = state { tcsetattr(0, TCSAFLUSH, &known) }
            state = nil
        }
    }
}
