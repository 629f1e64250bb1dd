import Foundation

/// How much of an error rate may have been used up when a share of the information is in (Lan & DeMets 1983).
public enum AlphaSpending: String, Sendable, CaseIterable {
    /// Hardly anything at first, nearly everything at the end (O'Brien & Fleming 1979, in the form of Lan & DeMets).
    case obrienFleming = "obf"
    /// About the same at every look (Pocock 1977, in the form of Lan & DeMets).
    case pocock

    /// The part of the one-sided rate `alpha` that is spent at `information`, a share of the maximum between 0 and 1.
    public func spent(alpha: Double, information: Double) -> Double {
        guard alpha > 0, information > 0 else { return 0 }
        guard information < 1 else { return alpha }
        switch self {
        case .obrienFleming:
            // The quantile of alpha / 2 and not of its complement, which loses what is small.
            guard let z = StandardNormal.quantile(alpha / 2) else { return 0 }
            return min(alpha, 2 * StandardNormal.cdf(z / information.squareRoot()))
        case .pocock:
            return min(alpha, alpha * log1p((exp(1) - 1) * information))
        }
    }
}

/// The boundaries of a test that is looked at several times while its data come in, one-sided: at each look the
/// statistic is compared with a boundary of its own, and the chance of ever being beyond one of them without an effect
/// is `alpha`.
///
/// The chance is followed from look to look by the recursion of Armitage, McPherson & Rowe (1969) on the grid of
/// Jennison & Turnbull (2000, section 19.3). It depends on the planned information of the looks alone, never on data.
public struct GroupSequential: Sendable, Hashable {
    /// The shares of the maximum at which the test is looked at, rising, at most 1.
    public let information: [Double]
    /// The one-sided error rate over all looks.
    public let alpha: Double
    /// The critical value of each look.
    public let boundaries: [Double]
    /// The one-sided level of each look that belongs to its boundary; never below ``smallestLevel``.
    public let levels: [Double]

    /// A level below which nothing is decided in practice, and above which 1 - level is still a different number from 1.
    public static let smallestLevel = 1e-12
    /// More looks than these are another method's business.
    public static let maxLooks = 100

    /// - Parameters:
    ///   - information: shares of the maximum, rising, above 0 and at most 1.
    ///   - alpha: one-sided, above 0 and below one half.
    /// - Returns: nil for looks that do not rise, more than ``maxLooks``, or a rate that is none.
    public init?(information: [Double], alpha: Double, spending: AlphaSpending = .obrienFleming) {
        guard !information.isEmpty, information.count <= Self.maxLooks, alpha > 0, alpha < 0.5 else { return nil }
        var previous = 0.0
        for share in information {
            guard share > previous, share <= 1 else { return nil }
            previous = share
        }
        self.information = information
        self.alpha = alpha
        var found: [Double] = []
        var path = SurvivingPath()
        var spentBefore = 0.0
        for share in information {
            let spent = spending.spent(alpha: alpha, information: share)
            let boundary = path.boundary(at: share, crossing: max(0, spent - spentBefore))
            path.advance(to: share, below: boundary)
            found.append(boundary)
            spentBefore = max(spent, spentBefore)
        }
        boundaries = found
        levels = found.map { max(StandardNormal.upperTail($0), Self.smallestLevel) }
    }
}

/// The density of a standardised sum that has stayed below every boundary so far, as weights on a grid.
private struct SurvivingPath {
    private var information = 0.0
    private var points: [Double] = []
    private var weights: [Double] = []

    /// Beyond this, in standard deviations, there is nothing.
    private static let far = 39.0
    /// The standard grid: dense where the mass is, logarithmic in the tails.
    private static let grid: [Double] = {
        let size = 16
        return (1...(6 * size - 1)).map { index in
            if index < size { return -3 - 4 * log(Double(size) / Double(index)) }
            if index <= 5 * size { return -3 + 3 * Double(index - size) / Double(2 * size) }
            return 3 + 4 * log(Double(size) / Double(6 * size - index))
        }
    }()

    /// The boundary beyond which the next look ends up with probability `crossing`, without an effect.
    func boundary(at share: Double, crossing: Double) -> Double {
        guard crossing > 0, let start = StandardNormal.quantile(crossing) else { return Self.far }
        guard !points.isEmpty else { return min(Self.far, -start) }
        let root = share.squareRoot()
        let before = information.squareRoot()
        let step = (share - information).squareRoot()
        let found = safeguardedNewton(-Self.far, Self.far, start: min(Self.far, -start), rises: false) { boundary in
            var beyond = 0.0
            var slope = 0.0
            for (point, weight) in zip(points, weights) {
                let distance = (boundary * root - point * before) / step
                beyond += weight * StandardNormal.upperTail(distance)
                slope -= weight * Self.density(distance) * root / step
            }
            // On the scale of logarithms, because the first looks are given next to nothing.
            guard beyond > 0 else { return (-1, -1) }
            return (log(beyond / crossing), slope / beyond)
        }
        return found ?? Self.far
    }

    /// Goes on to the next look: what stayed below `boundary` there.
    mutating func advance(to share: Double, below boundary: Double) {
        let root = share.squareRoot()
        let before = information.squareRoot()
        let step = (share - information).squareRoot()
        let (places, simpson) = Self.rule(below: boundary)
        var masses: [Double] = []
        masses.reserveCapacity(places.count)
        for (place, weight) in zip(places, simpson) {
            guard !points.isEmpty else {
                masses.append(weight * Self.density(place))
                continue
            }
            var density = 0.0
            for (point, mass) in zip(points, weights) {
                density += mass * Self.density((place * root - point * before) / step)
            }
            masses.append(weight * density * root / step)
        }
        (points, weights, information) = (places, masses, share)
    }

    private static func density(_ z: Double) -> Double {
        exp(-0.5 * z * z) * 0.3989422804014326779399460599343819
    }

    /// Simpson's rule between the points of the grid that lie below `boundary`, with the boundary as the last one.
    private static func rule(below boundary: Double) -> (places: [Double], weights: [Double]) {
        var ends = grid.filter { $0 < boundary }
        if ends.count < grid.count || ends.isEmpty { ends.append(boundary) }
        var places: [Double] = [ends[0]]
        var weights: [Double] = [0]
        for (low, high) in zip(ends, ends.dropFirst()) {
            let width = high - low
            weights[weights.count - 1] += width / 6
            places += [low + width / 2, high]
            weights += [4 * width / 6, width / 6]
        }
        return (places, weights)
    }
}
