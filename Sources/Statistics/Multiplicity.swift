/// Corrections for judging several checks at once.
public enum Multiplicity {
    /// Adjusted p-values that keep the chance of any false alarm (Holm 1979), in input order.
    ///
    /// - Parameter pValues: each in [0, 1]; one that is not a number counts as 1.
    public static func holm(_ pValues: [Double]) -> [Double] {
        let p = pValues.map { $0.isNaN ? 1 : $0 }
        var adjusted = p
        var running = 0.0
        for (position, index) in ascending(p).enumerated() {
            running = max(running, min(1, Double(p.count - position) * p[index]))
            adjusted[index] = running
        }
        return adjusted
    }

    /// Adjusted p-values that keep the expected share of false alarms (Benjamini & Hochberg 1995), in input order.
    public static func benjaminiHochberg(_ pValues: [Double]) -> [Double] {
        let p = pValues.map { $0.isNaN ? 1 : $0 }
        var adjusted = p
        var running = 1.0
        for (position, index) in ascending(p).enumerated().reversed() {
            running = min(running, p[index] * Double(p.count) / Double(position + 1))
            adjusted[index] = running
        }
        return adjusted
    }

    /// Indices by p-value, equal ones in input order, so that the answer never depends on the sort.
    private static func ascending(_ p: [Double]) -> [Int] {
        p.indices.sorted { (p[$0], $0) < (p[$1], $1) }
    }
}

extension Multiplicity {
    /// Adjusted p-values that keep the expected share of false alarms under any dependence
    /// (Benjamini & Yekutieli 2001), in input order.
    public static func benjaminiYekutieli(_ pValues: [Double]) -> [Double] {
        guard !pValues.isEmpty else { return [] }
        let harmonic = sum((1...pValues.count).map { 1 / Double($0) })
        let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
        var adjusted = pValues
        var running = 1.0
        for (position, index) in order.enumerated().reversed() {
            let p = pValues[index].isNaN ? 1 : pValues[index]
            running = min(running, p * Double(pValues.count) / Double(position + 1) * harmonic)
            adjusted[index] = running
        }
        return adjusted
    }

    /// Every p-value times their number, at most 1.
    public static func bonferroni(_ pValues: [Double]) -> [Double] {
        pValues.map { $0.isNaN ? 1 : min(1, $0 * Double(pValues.count)) }
    }
}
