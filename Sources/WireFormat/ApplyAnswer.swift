/// What was or would be changed.
public struct ApplyAnswer: Hashable, Sendable, Codable {
    /// One entry a document.
    public let changes: [ApplyChange]
    /// Whether nothing was changed.
    public let dryRun: Bool

    /// Makes the value from its fields.
    public init(changes: [ApplyChange], dryRun: Bool) {
        self.changes = changes
        self.dryRun = dryRun
    }
}
