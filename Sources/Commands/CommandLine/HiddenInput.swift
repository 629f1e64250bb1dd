import Foundation
import Synchronization

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
