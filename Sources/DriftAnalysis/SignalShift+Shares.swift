import Foundation
import RegistryRecords
import Statistics
import Wording

extension SignalShift {
    /// Yes or no: chi-square, or Fisher's test where fewer than 5 are expected in a cell.
    init(rate signal: DriftSignal, _ reference: RateSummary, _ current: RateSummary) {
        self.init(
            share: signal,
            id: signal.rawValue,
            title: signal.title,
            family: signal.family,
            floor: signal.floor,
            (reference.yes, reference.count),
            (current.yes, current.count)
        )
        missing = (reference.missing, current.missing)
    }

    /// Whether a field is missing, as a yes or no of its own.
    init?(missing signal: DriftSignal, _ reference: DriftSummary, _ current: DriftSummary) {
        let before = reference.counts(of: signal)
        let now = current.counts(of: signal)
        guard signal.isCaptured, before.missing + now.missing > 0 else { return nil }
        self.init(
            share: signal,
            id: "missing." + signal.rawValue,
            title: signal.title + " missing",
            family: .capture,
            floor: 0.05,
            (before.missing, before.present + before.missing),
            (now.missing, now.present + now.missing)
        )
    }

    private init(
        share signal: DriftSignal,
        id: String,
        title: String,
        family: DriftFamily,
        floor: Double,
        _ reference: (yes: Int, count: Int),
        _ current: (yes: Int, count: Int)
    ) {
        self.init(
            id: id,
            signal: signal,
            title: title,
            family: family,
            test: "chi-square",
            present: (reference.count, current.count),
            missing: (0, 0),
            unit: .share,
            floor: floor
        )
        guard reference.count > 0, current.count > 0 else { return }
        let shares = (Double(reference.yes) / Double(reference.count), Double(current.yes) / Double(current.count))
        self.reference = NumberText.share(shares.0)
        self.current = NumberText.share(shares.1)
        change = NumberText.points(shares.1 - shares.0)
        effect = shares.1 - shares.0
        // A point is much of what is rare.
        if id == signal.rawValue, min(shares.0, 1 - shares.0) < 0.05 { self.floor = min(floor, 0.01) }
        sizeOverFloor = abs(shares.1 - shares.0) / self.floor
        let cells = (
            [Double(reference.yes), Double(reference.count - reference.yes)],
            [Double(current.yes), Double(current.count - current.yes)]
        )
        guard let table = Homogeneity(cells.0, cells.1) else { return }
        if table.degreesOfFreedom == 1, table.smallestExpected < 5 {
            test = "Fisher"
            pValue = fisherExact(
                (reference.yes, reference.count - reference.yes),
                (current.yes, current.count - current.yes)
            )
        } else {
            pValue = table.pValue(of: table.chiSquared)
        }
        jensenShannon = DistributionShift.jensenShannon(cells.0, cells.1)?.squareRoot()
        detectable = Self.detectableShare(shares.0, reference.count, current.count)
    }

    /// A category: chi-square over the reference's 32 commonest values, all its others, and all it never held.
    init(category signal: DriftSignal, _ reference: CategorySummary, _ current: CategorySummary) {
        self.init(
            id: signal.rawValue,
            signal: signal,
            title: signal.title,
            family: signal.family,
            test: "chi-square",
            present: (reference.count, current.count),
            missing: (reference.missing, current.missing),
            unit: .share,
            floor: signal.floor
        )
        let cells = CategoryCells(reference, current)
        guard let table = cells.table, let moved = cells.largestChange else { return }
        let shares = (cells.referenceShare(moved), cells.currentShare(moved))
        value = cells.labels[moved]
        self.reference = "\(cells.labels[moved]) \(NumberText.share(shares.0))"
        self.current = "\(cells.labels[moved]) \(NumberText.share(shares.1))"
        change = NumberText.points(shares.1 - shares.0)
        effect = shares.1 - shares.0
        if shares.0 < 0.05 { floor = min(floor, 0.01) }
        sizeOverFloor = abs(shares.1 - shares.0) / floor
        let pooled = table.pooled()
        if pooled.degreesOfFreedom == 1, pooled.smallestExpected < 5 {
            test = "Fisher"
            pValue = fisherExact(
                (Int(pooled.first[0]), Int(pooled.first[1])),
                (Int(pooled.second[0]), Int(pooled.second[1]))
            )
        } else {
            pValue = pooled.pValue(of: pooled.chiSquared)
        }
        jensenShannon = DistributionShift.jensenShannon(cells.reference, cells.current)?.squareRoot()
        stability = PopulationStability.smoothed(reference: cells.reference, current: cells.current)
        let sizes = (Double(reference.count), Double(current.count))
        stabilityNoise = PopulationStability.noiseLine(bins: cells.labels.count, n: sizes.0, m: sizes.1, alpha: 0.05)
        detectable = Self.detectableShare(shares.0, reference.count, current.count)
    }

    private static func detectableShare(_ share: Double, _ n: Int, _ m: Int) -> (Double) -> Double? {
        // A share of nothing has a spread too: what three events would show.
        let held = max(share, 3 / Double(n))
        let error = (held * max(1 - held, 3 / Double(n)) * (1 / Double(n) + 1 / Double(m))).squareRoot()
        return { Self.needed($0).map { $0 * error } }
    }
}
