/// A line of a comparison.
public struct DiffLine: Hashable, Sendable, Codable {
    /// Where the line stands.
    public let kind: Kind
    /// The part it belongs to, such as `system` or `decoding`.
    public let section: String
    /// The line.
    public let text: String

    /// Makes the value from its fields.
    public init(kind: Kind, section: String, text: String) {
        self.kind = kind
        self.section = section
        self.text = text
    }

    /// Where a line stands.
    public enum Kind: String, Codable, Sendable {
        /// On both sides.
        case same
        /// Only on the left.
        case removed
        /// Only on the right.
        case added
    }
}
