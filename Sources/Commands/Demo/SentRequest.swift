/// What became of one request of the demo's traffic.
struct SentRequest: Hashable, Sendable {
    /// The server's answer, compared with the right one.
    struct Answer: Hashable, Sendable {
        /// The release that gave it, such as `ticket-bot@r2`.
        let release: String
        /// `live`, `holdback` or `pinned`.
        let arm: String
        let isRight: Bool
        /// Whether it is JSON at all.
        let isJSON: Bool
        /// What became of its label.
        let label: Label
    }

    /// What became of a label.
    enum Label: Hashable, Sendable {
        case taken
        case notWanted
        case refused(reason: String)
    }

    /// How it ended.
    enum End: Hashable, Sendable {
        case answered(Answer)
        case failed(reason: String)
        /// Ctrl-C came first.
        case abandoned
    }

    /// Seconds after the start at which it was due.
    let due: Double
    /// Seconds after the start at which it ended.
    let ended: Double
    let end: End
}
