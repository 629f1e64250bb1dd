/// Whether an error budget burns, as the service levels say for the traffic of one release.
public enum BurnReading: Hashable, Sendable, Codable {
    /// There are no data to tell.
    case unknown
    /// It does not burn too fast; the highest rate of the policy's windows.
    case calm(rate: Double)
    /// It burns too fast over both windows of a trigger: the rate over the long one, and the rate that was too much.
    case burning(rate: Double, limit: Double)

    /// Whether it burns too fast. Unknown is not bad.
    public var isBurning: Bool { if case .burning = self { true } else { false } }

    /// The rate; nil when unknown.
    public var rate: Double? {
        switch self {
        case .unknown: nil
        case .calm(let rate): rate
        case .burning(let rate, _): rate
        }
    }
}
