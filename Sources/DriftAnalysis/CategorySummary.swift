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
