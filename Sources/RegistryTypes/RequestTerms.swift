/// What was settled about a request before it was answered: the time it had, and what its answer was made of. Optional in
/// each record, as older builds did not tell.
public struct RequestTerms: Hashable, Sendable, Codable {
    /// Who said how long a request may take.
    public enum DeadlineOwner: String, Codable, Sendable, CaseIterable {
        /// The request itself, by its header.
        case client
        /// The key that it came with.
        case key
        /// The prompt of the release.
        case release
        /// Nobody else: the server's own rule.
        case server
    }

    /// Seconds from its arrival to the end of its answer; with ``idleSeconds``, to its first token.
    public let deadlineSeconds: Double
    /// Seconds between two tokens of a stream that is not limited as a whole; nil where it is.
    public let idleSeconds: Double?
    /// Who said so.
    public let deadlineOwner: DeadlineOwner
    /// What was done with system messages that came with it: `append` or `replace`; `refuse` where it was refused for them.
    /// Nil when none did.
    public let clientSystem: String?
    /// Members of it that the release has no place for, and that were left out.
    public let leftOut: [String]
    /// Messages of a conversation, without those of the system; nil where values of variables came.
    public let turns: Int?

    /// Makes the value from its fields.
    public init(
        deadlineSeconds: Double,
        idleSeconds: Double? = nil,
        deadlineOwner: DeadlineOwner,
        clientSystem: String? = nil,
        leftOut: [String] = [],
        turns: Int? = nil
    ) {
        self.deadlineSeconds = deadlineSeconds
        self.idleSeconds = idleSeconds
        self.deadlineOwner = deadlineOwner
        self.clientSystem = clientSystem
        self.leftOut = leftOut
        self.turns = turns
    }
}
