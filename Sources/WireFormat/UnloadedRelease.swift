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
