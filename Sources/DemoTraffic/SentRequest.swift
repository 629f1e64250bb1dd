/// What became of one request of the demo's traffic.
public struct SentRequest: Hashable, Sendable {
    /// The server's answer, compared with the right one.
    public struct Answer: Hashable, Sendable {
        /// The release that gave it, such as `ticket-bot@r2`.
        public let release: String
        /// `live`, `holdback` or `pinned`.
        public let arm: String
        /// Whether it is the right one, byte for byte.
        public let isRight: Bool
        /// Whether it is JSON at all.
        public let isJSON: Bool
        /// What became of its label.
        public let label: Label

        /// An answer, compared.
        public init(release: String, arm: String, isRight: Bool, isJSON: Bool, label: Label) {
            self.release = release
            self.arm = arm
            self.isRight = isRight
            self.isJSON = isJSON
            self.label = label
        }
    }

    /// What became of a label.
    public enum Label: Hashable, Sendable {
        case taken
        case notWanted
        case refused(reason: String)
    }

    /// How it ended.
    public enum End: Hashable, Sendable {
        case answered(Answer)
        case failed(reason: String)
        /// Ctrl-C came first.
        case abandoned
    }

    /// Seconds after the start at which it was due.
    public let due: Double
    /// Seconds after the start at which it ended.
    public let ended: Double
    /// How it ended.
    public let end: End

    /// What became of a request; times are seconds after the start.
    public init(due: Double, ended: Double, end: End) {
        self.due = due
        self.ended = ended
        self.end = end
    }
}
