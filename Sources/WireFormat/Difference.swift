/// Two versions or releases, field by field.
public struct Difference: Hashable, Sendable, Codable {
    /// The left side, resolved, such as `ticket-bot@r1`.
    public let left: String
    /// The right side, resolved.
    public let right: String
    /// All that was compared; equal rows say so.
    public let rows: [DifferenceRow]

    /// Makes the value from its fields.
    public init(left: String, right: String, rows: [DifferenceRow]) {
        self.left = left
        self.right = right
        self.rows = rows
    }
}
