public import RegistryTypes

/// Asks the server to read texts token by token, with one model (`serin score`) or with two in step (`serin compare`).
public struct ReadingRequest: Hashable, Sendable, Codable {
    /// The release that reads, or the baseline of a comparison.
    public let baseline: Reference
    /// The other one; nil scores the text with one alone.
    public let candidate: Reference?
    /// The text; nil where a traffic set is read.
    public let text: String?
    /// The traffic set whose requests are read, each with the baseline's own answer.
    public let traffic: Name?
    /// How many of its requests, from the first on; a usual number when nil.
    public let requests: Int?

    /// Makes the value from its fields.
    public init(
        baseline: Reference,
        candidate: Reference? = nil,
        text: String? = nil,
        traffic: Name? = nil,
        requests: Int? = nil
    ) {
        self.baseline = baseline
        self.candidate = candidate
        self.text = text
        self.traffic = traffic
        self.requests = requests
    }

    /// The most bytes of a text; a longer one is for files and `serin compare` without a server.
    public static let textLimitBytes = 64 << 10
    /// The most requests of a traffic set.
    public static let requestLimit = 200
    /// As many as are read when nothing is said.
    public static let usualRequests = 20
}

/// A reading, under way or over. The server keeps the last ones in memory; the same question gives the same bits again.
public struct ReadingView: Hashable, Sendable, Codable {
    /// Its name, made from what was asked: the same question has the same one.
    public let id: String
    /// What was asked, without the text.
    public let baseline: Reference
    /// What was asked.
    public let candidate: Reference?
    /// What was asked.
    public let traffic: Name?
    /// How far it is, in tokens.
    public let progress: WorkProgress
    /// The scores of one model.
    public let score: TextScore?
    /// The comparison of two.
    public let comparison: ModelComparison?
    /// Why it ended without a result.
    public let problem: Problem?

    /// Whether nothing more will come.
    public var isOver: Bool { score != nil || comparison != nil || problem != nil }

    /// Makes the value from its fields.
    public init(
        id: String,
        baseline: Reference,
        candidate: Reference?,
        traffic: Name?,
        progress: WorkProgress,
        score: TextScore? = nil,
        comparison: ModelComparison? = nil,
        problem: Problem? = nil
    ) {
        self.id = id
        self.baseline = baseline
        self.candidate = candidate
        self.traffic = traffic
        self.progress = progress
        self.score = score
        self.comparison = comparison
        self.problem = problem
    }
}

/// Asks for a text in the tokens of a version.
public struct TokenizeRequest: Hashable, Sendable, Codable {
    /// The text.
    public let text: String
    /// Whether special tokens that the text spells are read as such, and those around a text are added.
    public let specials: Bool

    /// Makes the value from its fields.
    public init(text: String, specials: Bool = false) {
        self.text = text
        self.specials = specials
    }
}
