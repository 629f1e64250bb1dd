public import RegistryTypes

/// A drift report in a list.
public struct DriftRow: Hashable, Sendable, Codable {
    /// Its number.
    public let id: DriftID
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// `none`, `changed`, `ticket`, `page`, `learning` or `tooLittleData`.
    public let verdict: String
    /// What moved, in one sentence.
    public let sentence: String
    /// The window's start.
    public let since: Timestamp
    /// The window's end.
    public let until: Timestamp
    /// Requests in the window.
    public let requests: Int
    /// When it was made.
    public let at: Timestamp
    /// Who asked.
    public let by: String

    /// Makes the value from its fields.
    public init(
        id: DriftID,
        model: Name,
        channel: Name,
        verdict: String,
        sentence: String,
        since: Timestamp,
        until: Timestamp,
        requests: Int,
        at: Timestamp,
        by: String
    ) {
        self.id = id
        self.model = model
        self.channel = channel
        self.verdict = verdict
        self.sentence = sentence
        self.since = since
        self.until = until
        self.requests = requests
        self.at = at
        self.by = by
    }
}
