public import RegistryTypes

/// The reference that drift of a model is measured against.
public struct BaselineView: Hashable, Sendable, Codable {
    /// Its number, such as `b-3`.
    public let id: String
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// The window's start.
    public let since: Timestamp
    /// The window's end.
    public let until: Timestamp
    /// Requests in it.
    public let requests: Int
    /// `frozen`, or `learning` with how far it is.
    public let state: String
    /// The hash of its summary.
    public let digest: String
    /// The version that scores prompts.
    public let referenceModel: VersionID?
    /// Who set it.
    public let setBy: String
    /// When.
    public let setAt: Timestamp

    /// Makes the value from its fields.
    public init(
        id: String,
        model: Name,
        channel: Name,
        since: Timestamp,
        until: Timestamp,
        requests: Int,
        state: String,
        digest: String,
        referenceModel: VersionID? = nil,
        setBy: String,
        setAt: Timestamp
    ) {
        self.id = id
        self.model = model
        self.channel = channel
        self.since = since
        self.until = until
        self.requests = requests
        self.state = state
        self.digest = digest
        self.referenceModel = referenceModel
        self.setBy = setBy
        self.setAt = setAt
    }
}
