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
