/// What a version's card says that policies and tables need.
public struct CardSummary: Hashable, Sendable, Codable {
    /// The share of the fields that are filled, in 0...1.
    public let completeness: Double
    /// The fields that are filled, sorted.
    public let present: [String]
    /// The fields that are not, sorted.
    public let missing: [String]
    /// The licence, when named.
    public let license: String?

    /// A summary of a card.
    public init(completeness: Double, present: [String], missing: [String], license: String?) {
        self.completeness = completeness
        self.present = present.sorted()
        self.missing = missing.sorted()
        self.license = license
    }
}
