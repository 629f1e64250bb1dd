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

    /// Whether both sides are equal.
    public var isEqual: Bool { left == right }
}
