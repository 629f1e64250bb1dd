/// Something about the data folder that whoever runs the server should know, with what ends it.
public struct StoreNotice: Hashable, Sendable, Codable {
    /// How much it matters.
    public enum Weight: String, Hashable, Sendable, Codable {
        /// Nothing can be changed until somebody acts.
        case readOnly
        /// Something was lost, or is not kept as it should be; the registry works.
        case impaired
        /// It is over, and worth knowing.
        case passed
    }

    /// How much it matters.
    public let weight: Weight
    /// What is so, in one sentence without a full stop.
    public let text: String
    /// What to do; nil where there is nothing to do.
    public let next: String?

    /// Both, for a person.
    public var sentence: String { text + (next.map { "; next: \($0)" } ?? "") }

    /// Makes the value from its fields.
    public init(_ weight: Weight, _ text: String, next: String? = nil) {
        self.weight = weight
        self.text = text
        self.next = next
    }
}
