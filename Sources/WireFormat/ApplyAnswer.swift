public import RegistryTypes

/// What was or would be changed.
public struct ApplyAnswer: Hashable, Sendable, Codable {
    /// One entry a document.
    public let changes: [ApplyChange]
    /// Whether nothing was changed.
    public let dryRun: Bool

    /// What was or would be changed, with all its fields.
    public init(changes: [ApplyChange], dryRun: Bool) {
        self.changes = changes
        self.dryRun = dryRun
    }
}
