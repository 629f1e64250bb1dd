/// What a `card` gate asks for.
public struct CardRequirement: Hashable, Sendable, Codable {
    /// The least share of the fields that are filled, in 0...1; nil when any will do.
    public let complete: Double?
    /// Fields that must be filled, as named in ``CardField``.
    public let require: [CardField]

    /// A requirement of a card.
    public init(complete: Double?, require: [CardField] = []) {
        self.complete = complete
        self.require = require
    }
}
