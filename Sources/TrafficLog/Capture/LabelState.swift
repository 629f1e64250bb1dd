/// What the labels of a request say together: the newest word on each question, whoever said it. A thumb does not take
/// back what was said of the answer being right.
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
