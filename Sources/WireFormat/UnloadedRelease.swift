public import RegistryTypes

/// A live release that was tried and cannot answer now, with what answers in its place.
public struct UnloadedRelease: Hashable, Sendable, Codable {
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// The release that the channel points to.
    public let release: Int
    /// The last settled release that could be loaded, which answers meanwhile; nil when nothing answers.
    public let answering: Int?
    /// Why the live release cannot be loaded.
    public let why: String
    /// What ends it, with a command line.
    public let next: String

    /// Makes the value from its fields.
    public init(model: Name, channel: Name, release: Int, answering: Int?, why: String, next: String) {
        self.model = model
        self.channel = channel
        self.release = release
        self.answering = answering
        self.why = why
        self.next = next
    }

    /// `r2 cannot be loaded: r1 answers instead`.
    public var words: String {
        "r\(release) cannot be loaded: " + (answering.map { "r\($0) answers instead" } ?? "nothing answers")
    }
}

/// Whether requests are answered, by model.
public struct ReadinessView: Hashable, Sendable, Codable {
    /// Whether every model that was asked about has a release in production that answers.
    public let isReady: Bool
    /// `ready`, `not ready`, `starting` or `draining`.
    public let state: String
    /// Channels whose live release does not answer.
    public let unloaded: [UnloadedRelease]
    /// Why a model that was asked about is not ready, where no channel says it; nil from an older server.
    public let reason: String?

    /// Makes the value from its fields.
    public init(isReady: Bool, state: String, unloaded: [UnloadedRelease], reason: String? = nil) {
        self.reason = reason
        self.isReady = isReady
        self.state = state
        self.unloaded = unloaded
    }

    /// The state and its reason, then a line for each channel whose live release does not answer, up to a hundred.
    public var text: String {
        let lines = unloaded.prefix(100).map { "\($0.model)@\($0.channel): \($0.words)" }
        let rest = unloaded.count > lines.count ? ["and \(unloaded.count - lines.count) more"] : []
        return ([state] + [reason].compactMap(\.self) + lines + rest).map { $0 + "\n" }.joined()
    }
}
