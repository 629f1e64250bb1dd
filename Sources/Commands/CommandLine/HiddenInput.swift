import Foundation

/// Reads a secret from the terminal without showing it.
enum HiddenInput {
    /// One line of the standard input, not echoed; nil at its end.
    static func readLine() -> String? {
        var before = termios()
        guard tcgetattr(0, &before) == 0 else { return Swift.readLine(strippingNewline: true) }
        var hidden = before
        hidden.c_lflag &= ~tcflag_t(ECHO)
        guard tcsetattr(0, TCSAFLUSH, &hidden) == 0 else { return nil }
        defer { tcsetattr(0, TCSAFLUSH, &before) }
        return Swift.readLine(strippingNewline: true)
    }
}
