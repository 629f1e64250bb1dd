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
