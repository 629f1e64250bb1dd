/// Asks for a captured request to be answered again.
public struct ReplayRequest: Hashable, Sendable, Codable {
    /// The release to answer with; nil means the one that answered.
    public let on: ReleaseChoice?

    /// Makes the value from its fields.
    public init(on: ReleaseChoice? = nil) {
        self.on = on
    }
}
