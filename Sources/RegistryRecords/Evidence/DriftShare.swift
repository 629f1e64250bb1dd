/// A part of the traffic and how much of the change it carries.
public struct DriftShare: Hashable, Sendable, Codable {
    /// What the traffic is parted by, such as `language` or `prompt`.
    public let dimension: String
    /// The part.
    public let value: String
    /// Its share of the reference.
    public let reference: Double
    /// Its share of the window.
    public let current: Double
    /// Its share of the chi-square of its dimension, 0 to 1.
    public let part: Double

    /// Makes the value from its fields.
    public init(
        dimension: String,
        value: String,
        reference: Double,
        current: Double,
        part: Double
    ) {
        self.dimension = dimension
        self.value = value
        self.reference = reference
        self.current = current
        self.part = part
    }
}
