public import Digests
public import RegistryTypes

/// One entry of the log.
public struct Event: Hashable, Sendable, Codable {
    /// Its place, from 1 on without gaps.
    public let seq: Int
    /// When it was written, by the server's clock.
    public let time: Timestamp
    /// Who caused it.
    public let actor: String
    /// What happened, such as `channel.moved`.
    public let kind: String
    /// What it happened to, such as `ticket-bot@production`.
    public let subject: String
    /// The facts, as canonical JSON.
    public let body: String
    /// The hash of the entry before; all zero for the first.
    public let previous: Digest
    /// The SHA-256 over all of the above.
    public let hash: Digest

    /// Makes the value from its fields.
    public init(
        seq: Int,
        time: Timestamp,
        actor: String,
        kind: String,
        subject: String,
        body: String,
        previous: Digest,
        hash: Digest
    ) {
        self.seq = seq
        self.time = time
        self.actor = actor
        self.kind = kind
        self.subject = subject
        self.body = body
        self.previous = previous
        self.hash = hash
    }
}
