import Statistics

/// A category's counts side by side.
struct CategoryCells {
    /// Values of the reference that are named.
    static let named = 32

    private(set) var labels: [String] = []
    private(set) var reference: [Double] = []
    private(set) var current: [Double] = []
    /// Values the reference never held, the commonest first.
    let unseen: [(value: String, count: Int)]

    init(_ reference: CategorySummary, _ current: CategorySummary) {
        let ranked = reference.ranked
        let top = ranked.prefix(Self.named)
        for (value, n) in top {
            labels.append(value)
            self.reference.append(Double(n))
            self.current.append(Double(current.counts[value] ?? 0))
        }
        let rest = ranked.dropFirst(Self.named)
        let others = (
            rest.reduce(reference.other) { $0 + $1.count },
            rest.reduce(current.other) { $0 + (current.counts[$1.value] ?? 0) }
        )
        if others.0 + others.1 > 0 {
            labels.append("other")
            self.reference.append(Double(others.0))
            self.current.append(Double(others.1))
        }
        unseen = current.ranked.filter { reference.counts[$0.value] == nil }
        if !unseen.isEmpty {
            // One value that is new is named; several are counted together.
            labels.append(unseen.count == 1 ? unseen[0].value : "not seen before")
            self.reference.append(0)
            self.current.append(unseen.reduce(0) { $0 + Double($1.count) })
        }
    }

    /// The table; nil when a side is empty.
    var table: Homogeneity? { Homogeneity(reference, current) }

    func referenceShare(_ cell: Int) -> Double { reference[cell] / max(1, reference.reduce(0, +)) }
    func currentShare(_ cell: Int) -> Double { current[cell] / max(1, current.reduce(0, +)) }

    /// Cells by how much they moved, the most first; of equal moves the one that grew.
    var byChange: [Int] {
        let moves = labels.indices.map { currentShare($0) - referenceShare($0) }
        return labels.indices.sorted {
            let (a, b) = (moves[$0], moves[$1])
            // Two values mirror each other up to rounding.
            if abs(abs(a) - abs(b)) > 1e-12 { return abs(a) > abs(b) }
            return (a > 0) != (b > 0) ? a > 0 : $0 < $1
        }
    }

    var largestChange: Int? { byChange.first }
}
