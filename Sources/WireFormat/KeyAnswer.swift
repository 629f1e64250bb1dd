public import RegistryRecords

/// A new key with its token, which is shown this once.
public struct KeyAnswer: Hashable, Sendable, Codable {
    /// The key.
    public let key: KeyRecord
    /// The secret to send as a bearer token.
    public let token: String

    /// Makes the value from its fields.
    public init(key: KeyRecord, token: String) {
        self.key = key
        self.token = token
    }
}
