/// The blobs the server lacks.
public struct MissingAnswer: Hashable, Sendable, Codable {
    /// In the order asked; those that are there are left out.
    public let missing: [MissingBlob]

    /// Makes the value from its fields.
    public init(missing: [MissingBlob]) {
        self.missing = missing
    }
}
