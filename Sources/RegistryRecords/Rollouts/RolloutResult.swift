public import RegistryTypes

/// What a watch came to, in numbers.
public struct RolloutResult: Hashable, Sendable, Codable {
    /// How long the release was watched: time while the server ran, whatever the wall clock did.
    public let watchedSeconds: Double
    /// Requests that the release answered or failed.
    public let requests: Int
    /// Requests that the last settled release answered or failed meanwhile.
    public let heldBackRequests: Int
    /// Bad events of the release in the deciding service level, or in the worst one where none decided.
    public let badAnswers: Int
    /// When the first of these was seen; nil for none.
    public let firstBadAt: Timestamp?
    /// What happened, in one sentence.
    public let sentence: String
    /// The numbers it rests on, one line each.
    public let facts: [String]

    /// Makes the value from its fields.
    public init(
        watchedSeconds: Double,
        requests: Int,
        heldBackRequests: Int,
        badAnswers: Int,
        firstBadAt: Timestamp? = nil,
        sentence: String,
        facts: [String] = []
    ) {
        self.watchedSeconds = watchedSeconds
        self.requests = requests
        self.heldBackRequests = heldBackRequests
        self.badAnswers = badAnswers
        self.firstBadAt = firstBadAt
        self.sentence = sentence
        self.facts = facts
    }
}
