import Foundation

/// The counts and sums of one number over some requests. Adding is exact and knows no order.
struct NumberSummary: Hashable, Sendable {
    /// Bins that hold something, lowest first.
    private(set) var bins: [UInt16] = []
    /// Requests in each of `bins`.
    private(set) var counts: [UInt32] = []
    /// Requests with a number.
    private(set) var count = 0
    /// Requests that should have one and do not, or whose number is not finite.
    private(set) var missing = 0
    private(set) var total = FixedPoint()
    private(set) var squares = FixedPoint()
    /// Requests with a number above zero, over which the logarithms are summed.
    private(set) var positive = 0
    private(set) var logs = FixedPoint()
    private(set) var logSquares = FixedPoint()

    init() {}

    /// Adds one request's number; one that is not finite counts as missing.
    mutating func add(_ value: Float) {
        guard value.isFinite else { return addMissing() }
        let steps = FixedPoint.steps(Double(value))
        count += 1
        total.add(steps)
        squares.addSquare(steps)
        if value > 0 {
            let logSteps = FixedPoint.steps(log(Double(value)))
            positive += 1
            logs.add(logSteps)
            logSquares.addSquare(logSteps)
        }
        let bin = FixedBins.bin(value)
        let place = bins.partitioningIndex { $0 >= bin }
        if place < bins.count, bins[place] == bin {
            counts[place] += 1
        } else {
            bins.insert(bin, at: place)
            counts.insert(1, at: place)
        }
    }

    /// Adds a request without the number it should have.
    mutating func addMissing() { missing += 1 }

    /// Adds the requests of another summary.
    mutating func merge(_ other: NumberSummary) {
        var newBins: [UInt16] = []
        var newCounts: [UInt32] = []
        newBins.reserveCapacity(bins.count + other.bins.count)
        newCounts.reserveCapacity(bins.count + other.bins.count)
        var i = 0
        var j = 0
        while i < bins.count || j < other.bins.count {
            let mine = i < bins.count ? Int(bins[i]) : Int.max
            let theirs = j < other.bins.count ? Int(other.bins[j]) : Int.max
            newBins.append(UInt16(min(mine, theirs)))
            var n: UInt32 = 0
            if mine <= theirs {
                n &+= counts[i]
                i += 1
            }
            if theirs <= mine {
                n &+= other.counts[j]
                j += 1
            }
            newCounts.append(n)
        }
        bins = newBins
        counts = newCounts
        count += other.count
        missing += other.missing
        total.merge(other.total)
        squares.merge(other.squares)
        positive += other.positive
        logs.merge(other.logs)
        logSquares.merge(other.logSquares)
    }

    /// Arithmetic mean; nil without a number.
    var mean: Double? { count > 0 ? total.value / Double(count) : nil }

    /// Sample variance, divisor n - 1; nil for fewer than two.
    var variance: Double? {
        Self.variance(count: count, total: total.value, squares: squares.squareValue)
    }

    /// Mean natural logarithm of the numbers above zero.
    var logMean: Double? { positive > 0 ? logs.value / Double(positive) : nil }

    /// Sample variance of those logarithms.
    var logVariance: Double? {
        Self.variance(count: positive, total: logs.value, squares: logSquares.squareValue)
    }

    private static func variance(count: Int, total: Double, squares: Double) -> Double? {
        guard count > 1 else { return nil }
        let n = Double(count)
        return max(0, (squares - total / n * total) / (n - 1))
    }

    /// The bin of the value of rank ceil(q n); nil without a number.
    func quantileBin(_ q: Double) -> UInt16? {
        guard count > 0 else { return nil }
        let rank = max(1, Int((q * Double(count)).rounded(.up)))
        var seen = 0
        for (bin, n) in zip(bins, counts) {
            seen += Int(n)
            if seen >= rank { return bin }
        }
        return bins.last
    }

    /// Requests in bins above `bin`.
    func above(_ bin: UInt16) -> Int {
        zip(bins, counts).reduce(0) { $0 + ($1.0 > bin ? Int($1.1) : 0) }
    }

    /// Counts by class; class i holds the bins above `edges[i - 1]` and up to `edges[i]`.
    func counts(edges: [UInt16]) -> [Double] {
        var classes = [Double](repeating: 0, count: edges.count + 1)
        var place = 0
        for (bin, n) in zip(bins, counts) {
            while place < edges.count, bin > edges[place] { place += 1 }
            classes[place] += Double(n)
        }
        return classes
    }

    /// The bins at which `parts` equal shares of the requests end, repeated ones and the very last dropped.
    func edges(parts: Int) -> [UInt16] {
        var edges: [UInt16] = []
        for part in 1..<max(2, parts) {
            guard let bin = quantileBin(Double(part) / Double(parts)) else { return [] }
            if edges.last != bin { edges.append(bin) }
        }
        if edges.count > 1, edges.last == bins.last { edges.removeLast() }
        return edges
    }
}

extension Array {
    /// First index whose element holds `predicate`, for arrays in which all that hold it come last.
    func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension NumberSummary {
    /// A stored summary; nil when its parts contradict each other.
    init?(
        bins: [UInt16],
        counts: [UInt32],
        missing: Int,
        sums: (total: Int128, squares: Int128, positive: Int, logs: Int128, logSquares: Int128)
    ) {
        guard bins.count == counts.count, zip(bins, bins.dropFirst()).allSatisfy(<), counts.allSatisfy({ $0 > 0 }),
            bins.allSatisfy({ $0 < FixedBins.count }), missing >= 0
        else { return nil }
        let count = counts.reduce(0) { $0 + Int($1) }
        guard sums.positive >= 0, sums.positive <= count, sums.squares >= 0, sums.logSquares >= 0 else { return nil }
        self.bins = bins
        self.counts = counts
        self.count = count
        self.missing = missing
        total = FixedPoint(bits: sums.total)
        squares = FixedPoint(bits: sums.squares)
        positive = sums.positive
        logs = FixedPoint(bits: sums.logs)
        logSquares = FixedPoint(bits: sums.logSquares)
    }
}

/// The bins that every summary counts numbers in, whatever the reference: 32 to each power of two, of either sign, so
/// that a bin is at most 3.2 % wide and whole numbers up to 64 have one of their own.
///
/// The bins never change, so counts of any two summaries can be added, and any reference, chosen later, can cut its
/// quantiles along their edges: what is added first and cut then is exactly what is cut first and added then.
enum FixedBins {
    /// Version of this scheme; stored with every summary.
    static let version = 1
    /// Number of bins.
    static let count = 1 << 14

    /// The bin of a finite number. Larger numbers never have a lower bin.
    static func bin(_ value: Float) -> UInt16 {
        // The bits of a float, read as a whole number, rise with it; those of negative ones fall. Minus zero is zero.
        let bits = (value + 0).bitPattern
        let ordered = bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
        return UInt16(truncatingIfNeeded: ordered >> 18)
    }

    /// The lowest number of a bin.
    static func lower(_ bin: UInt16) -> Double {
        let ordered = UInt32(bin) << 18
        let bits = ordered & 0x8000_0000 != 0 ? ordered & 0x7fff_ffff : ~ordered
        let value = Float(bitPattern: bits)
        return value.isFinite ? Double(value) : (value < 0 ? -Double(Float.greatestFiniteMagnitude) : .infinity)
    }

    /// The number that stands for a bin: itself where the bin holds one whole number, else its middle.
    static func centre(_ bin: UInt16, whole: Bool) -> Double {
        let low = lower(bin)
        let high = bin < UInt16(count - 1) ? lower(bin + 1) : .infinity
        guard high.isFinite, low.isFinite, low != 0 || !whole else { return low == 0 ? 0 : low }
        if whole { return high - low <= 1 ? low : (low + high - 1) / 2 }
        // The bin from 0 on holds 0 and numbers too small to matter.
        return low == 0 ? 0 : (low + high) / 2
    }
}

/// Sums that do not depend on the order of adding: whole multiples of 2^-24, in 128 bits.
///
/// Numbers beyond 2^24 count as 2^24 here (their bins still tell them apart); 2^30 of them cannot overflow.
struct FixedPoint: Hashable, Sendable {
    static let scale = 0x1p24
    private static let limit = 0x1p24

    /// The sum in multiples of 2^-24, or of 2^-48 for squares.
    private(set) var bits: Int128 = 0

    init(bits: Int128 = 0) { self.bits = bits }

    /// A finite number as a multiple of 2^-24.
    static func steps(_ value: Double) -> Int64 {
        Int64((max(-limit, min(limit, value)) * scale).rounded())
    }

    mutating func add(_ steps: Int64) { bits &+= Int128(steps) }

    mutating func addSquare(_ steps: Int64) {
        let product = steps.multipliedFullWidth(by: steps)
        bits &+= Int128(product.high) << 64 | Int128(product.low)
    }

    mutating func merge(_ other: FixedPoint) { bits &+= other.bits }

    /// The sum as a number.
    var value: Double { Double(bits) / FixedPoint.scale }
    /// The sum of squares as a number.
    var squareValue: Double { Double(bits) / (FixedPoint.scale * FixedPoint.scale) }
}
