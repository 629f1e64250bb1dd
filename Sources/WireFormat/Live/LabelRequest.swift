public import RegistryTypes

/// Says something of an answer.
public struct LabelRequest: Hashable, Sendable, Codable {
    /// The request; nil where the address names it.
    public let request: RequestID?
    /// Whether the answer was right.
    public let correct: Bool?
    /// `up` or `down`.
    public let thumb: String?
    /// What the answer should have been.
    public let correction: String?
    /// A remark.
    public let comment: String?

    /// Makes the value from its fields.
    public init(
        request: RequestID? = nil,
        correct: Bool? = nil,
        thumb: String? = nil,
        correction: String? = nil,
        comment: String? = nil
    ) {
        self.request = request
        self.correct = correct
        self.thumb = thumb
        self.correction = correction
        self.comment = comment
    }
}
