/// How a text that may be longer than a context is read: in windows, each of which goes on where the last one ended and
/// sees some of what stood before. Every token but perhaps the first is scored once.
public struct TextWindows: Sendable, Equatable {
    /// A stretch of a text.
    public struct Window: Sendable, Equatable {
        /// Tokens of the text that are only read.
        public let context: Range<Int>
        /// Tokens that are scored.
        public let scored: Range<Int>
    }

    /// The windows in order; none for a text of which nothing can be scored.
    public let windows: [Window]

    /// Tokens that are read at a time unless a context is smaller: as long as most conversations, and quick enough that
    /// live requests never wait for memory.
    public static let usualTokens = 2048

    /// - Parameters:
    ///   - count: tokens of the text.
    ///   - limit: the most tokens of a window, the beginning token included; at least 2.
    ///   - hasBeginning: whether a token that begins a text stands before each window.
    public init(count: Int, limit: Int, hasBeginning: Bool) {
        let room = max(hasBeginning ? 1 : 2, limit - (hasBeginning ? 1 : 0))
        // A quarter is read twice, so that no token is foreseen from nothing.
        let overlap = min(room - 1, max(hasBeginning ? 0 : 1, room / 4))
        var windows: [Window] = []
        var next = hasBeginning ? 0 : 1
        while next < count {
            let start = windows.isEmpty ? 0 : next - overlap
            let end = min(count, start + room)
            windows.append(Window(context: start..<next, scored: next..<end))
            next = end
        }
        self.windows = windows
    }
}
