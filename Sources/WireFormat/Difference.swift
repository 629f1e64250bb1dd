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

/// A field of two things.
public struct DifferenceRow: Hashable, Sendable, Codable {
    /// The part it belongs to, such as `facts`.
    public let group: String
    /// The field.
    public let field: String
    /// Its value on the left; nil when it is not there.
    public let left: String?
    /// Its value on the right; nil when it is not there.
    public let right: String?

    /// Makes the value from its fields.
    public init(group: String, field: String, left: String? = nil, right: String? = nil) {
        self.group = group
        self.field = field
        self.left = left
        self.right = right
    }

    /// Whether both sides are equal, byte by byte.
    public var isEqual: Bool { left.map { Array($0.utf8) } == right.map { Array($0.utf8) } }
}
