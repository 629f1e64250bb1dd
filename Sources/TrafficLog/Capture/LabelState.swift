/// What the labels of a request say together: of each key the newest label counts, and among the keys the newest that
/// says something.
public struct LabelState: Hashable, Sendable, Codable {
    /// Whether the answer was right; nil when nobody said.
    public let isCorrect: Bool?
    /// The thumb; nil when none was given.
    public let isLiked: Bool?
    /// What the answer should have been.
    public let correction: String?

    /// Nobody said anything.
    public static let none = LabelState()

    /// Makes the value from its fields.
    public init(isCorrect: Bool? = nil, isLiked: Bool? = nil, correction: String? = nil) {
        self.isCorrect = isCorrect
        self.isLiked = isLiked
        self.correction = correction
    }

    /// Whether anything was said.
    public var isLabelled: Bool { self != .none }
}
