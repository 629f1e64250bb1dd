import Statistics

/// How often each value of a category was seen.
struct CategorySummary: Hashable, Sendable {
    /// Most values that one summary tells apart; rarer ones are counted together.
    static let limit = 1024
    /// Longest value in bytes; longer ones are cut.
    static let longest = 64

    /// Requests by value.
    private(set) var counts: [String: Int] = [:]
    /// Requests with a value beyond the limit.
    private(set) var other = 0
    /// Requests that should have one and do not.
    private(set) var missing = 0

    init() {}

    /// Adds requests with a value.
    mutating func add(_ value: String, times: Int = 1) {
        let key =
            value.utf8.count <= Self.longest ? value : String(decoding: value.utf8.prefix(Self.longest), as: UTF8.self)
        counts[key, default: 0] += times
        if counts.count > 2 * Self.limit { trim() }
    }

    /// Adds a request without the value it should have.
    mutating func addMissing() { missing += 1 }

    /// Adds the requests of another summary.
    mutating func merge(_ other: CategorySummary) {
        counts.merge(other.counts, uniquingKeysWith: +)
        self.other += other.other
        missing += other.missing
        if counts.count > Self.limit { trim() }
    }

    /// Requests with a value.
    var count: Int { counts.values.reduce(other, +) }

    /// Values and requests, the commonest first, equal ones by name.
    var ranked: [(value: String, count: Int)] {
        counts.map { (value: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.value) < ($0.count, $1.value) }
    }

    private mutating func trim() {
        for (value, n) in ranked.dropFirst(Self.limit) {
            counts[value] = nil
            other += n
        }
    }

    /// A stored summary; nil when its parts contradict each other.
    init?(counts: [(String, Int)], other: Int, missing: Int) {
        guard counts.count <= 2 * Self.limit, counts.allSatisfy({ $0.1 > 0 && $0.0.utf8.count <= Self.longest }),
            other >= 0, missing >= 0
        else { return nil }
        self.counts = Dictionary(counts, uniquingKeysWith: +)
        guard self.counts.count == counts.count else { return nil }
        self.other = other
        self.missing = missing
    }
}

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
