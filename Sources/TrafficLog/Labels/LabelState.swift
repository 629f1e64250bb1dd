import RegistryTypes

/// What the labels of a request say together: on each question the newest word of somebody with a role, else the newest
/// one of a caller. A thumb does not take back what was said of the answer being right.
public struct LabelState: Hashable, Sendable, Codable {
    /// Whether the answer was right; nil when nobody said.
    public let isCorrect: Bool?
    /// The thumb; nil when none was given.
    public let isLiked: Bool?
    /// What the answer should have been; nil too where the answer was called right since.
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

extension LabelState {
    /// What `labels`, newest first, say together.
    init(_ labels: [(label: RequestLabel, isOfRole: Bool)]) {
        let ranked = labels.filter(\.isOfRole).map(\.label) + labels.filter { !$0.isOfRole }.map(\.label)
        // A correction holds until somebody calls the answer right; one that is what was answered holds with that word.
        let last = ranked.first { $0.correction != nil || $0.isCorrect == true }
        self.init(
            isCorrect: ranked.lazy.compactMap(\.isCorrect).first,
            isLiked: ranked.lazy.compactMap(\.isLiked).first,
            correction: last?.correction
        )
    }
}
