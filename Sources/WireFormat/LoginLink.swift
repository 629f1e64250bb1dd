/// A link that logs a browser in once.
public struct LoginLink: Hashable, Sendable, Codable {
    /// The address; it works once.
    public let url: String
    /// How long it works.
    public let expiresInSeconds: Int

    /// Makes the value from its fields.
    public init(url: String, expiresInSeconds: Int) {
        self.url = url
        self.expiresInSeconds = expiresInSeconds
    }
}
