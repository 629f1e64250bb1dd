/// What somebody said of an answer afterwards.
public struct RequestLabel: Hashable, Sendable, Codable {
    /// The request.
    public let request: RequestID
    /// Whether the answer was right; nil when nobody said.
    public let isCorrect: Bool?
    /// A thumb: true for up; nil when none was given.
    public let isLiked: Bool?
    /// What the answer should have been; redacted before it is stored.
    public let correction: String?
    /// A remark; redacted before it is stored.
    public let comment: String?
    /// The key that said so.
    public let by: Name
    /// When, by the server's clock.
    public let at: Timestamp

    /// Makes the value from its fields.
    public init(
        request: RequestID,
        isCorrect: Bool? = nil,
        isLiked: Bool? = nil,
        correction: String? = nil,
        comment: String? = nil,
        by: Name,
        at: Timestamp
    ) {
        self.request = request
        self.isCorrect = isCorrect
        self.isLiked = isLiked
        self.correction = correction
        self.comment = comment
        self.by = by
        self.at = at
    }
}
