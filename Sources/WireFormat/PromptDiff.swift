public import RegistryRecords

/// Two versions of a prompt, line by line.
public struct PromptDiff: Hashable, Sendable, Codable {
    /// The version on the left.
    public let from: PromptRecord
    /// The version on the right.
    public let to: PromptRecord
    /// The lines of both, in order.
    public let lines: [DiffLine]

    /// Makes the value from its fields.
    public init(from: PromptRecord, to: PromptRecord, lines: [DiffLine]) {
        self.from = from
        self.to = to
        self.lines = lines
    }
}
