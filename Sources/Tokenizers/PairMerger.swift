import HeapModule

/// What a pair of neighbours becomes, and how early: the lowest rank first.
struct PairMerge: Equatable {
    let rank: UInt32
    let token: UInt32
}

/// Says which neighbours become one token.
protocol PairRule {
    /// - Parameters:
    ///   - left: token of the left symbol, or `TokenIndex.none`.
    ///   - right: token of the right symbol, or `TokenIndex.none`.
    ///   - bytes: where both lie in the text.
    func merge(_ left: UInt32, _ right: UInt32, _ bytes: Range<Int>) -> PairMerge?
}

/// Joins symbols into tokens by byte-pair encoding (Sennrich et al., 2016): always the pair of the lowest rank, the
/// leftmost of equals, until no pair has one. n log n in the number of symbols. Buffers are kept from word to word.
struct PairMerger {
    /// Pairs that were looked up and candidates that were taken, of all words: what the work is measured by.
    private(set) var steps = 0
    /// Token of each symbol; a merged symbol keeps the place of its left part.
    private(set) var tokens: [UInt32] = []
    /// Byte offset where each symbol starts, and where the last one ends.
    private(set) var starts: [Int] = []
    private var next: [Int] = []
    private var previous: [Int] = []
    private var queue = Heap<Candidate>()
    private var pairs: [UInt64] = []

    /// Up to this many symbols the smallest rank is looked for by going over all pairs, which needs no queue.
    private static let fewSymbols = 24

    /// Begins a new word.
    mutating func removeAll() {
        tokens.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
    }

    /// Adds a symbol at the end of the word.
    mutating func append(_ token: UInt32, at start: Int) {
        tokens.append(token)
        starts.append(start)
    }

    /// Merges what can be merged. After that the symbols are those that are left.
    ///
    /// - Parameter end: byte offset where the last symbol ends.
    mutating func merge(by rule: some PairRule, end: Int) {
        starts.append(end)
        guard tokens.count > 1 else { return }
        if tokens.count <= Self.fewSymbols { mergeFew(by: rule) } else { mergeMany(by: rule) }
    }

    // MARK: - Few

    private mutating func mergeFew(by rule: some PairRule) {
        pairs.removeAll(keepingCapacity: true)
        for left in 0..<tokens.count - 1 { pairs.append(pair(left, by: rule)) }
        while true {
            var best = 0
            for index in pairs.indices where pairs[index] >> 32 < pairs[best] >> 32 { best = index }
            guard best < pairs.count, pairs[best] != .max else { return }
            tokens[best] = UInt32(truncatingIfNeeded: pairs[best])
            tokens.remove(at: best + 1)
            starts.remove(at: best + 1)
            pairs.remove(at: best)
            if best < pairs.count { pairs[best] = pair(best, by: rule) }
            if best > 0 { pairs[best - 1] = pair(best - 1, by: rule) }
        }
    }

    /// Rank and token of a pair as one number, or the largest number.
    private mutating func pair(_ left: Int, by rule: some PairRule) -> UInt64 {
        steps += 1
        let found = rule.merge(tokens[left], tokens[left + 1], starts[left]..<starts[left + 2])
        return found.map { UInt64($0.rank) << 32 | UInt64($0.token) } ?? .max
    }

    // MARK: - Many

    private struct Candidate: Comparable {
        let rank: UInt32
        let token: UInt32
        let left: Int
        let right: Int
        /// Byte offset where the right symbol ended when the pair was found.
        let end: Int

        static func < (a: Candidate, b: Candidate) -> Bool { (a.rank, a.left) < (b.rank, b.left) }
    }

    private mutating func mergeMany(by rule: some PairRule) {
        let count = tokens.count
        // A linked list over the symbols; -1 stands for one that has become part of its left neighbour.
        next.removeAll(keepingCapacity: true)
        next.append(contentsOf: 1...count)
        previous.removeAll(keepingCapacity: true)
        previous.append(contentsOf: -1..<count - 1)
        for left in 0..<count - 1 { enqueue(left, left + 1, by: rule) }
        while let best = queue.popMin() {
            steps += 1
            // Either side may have been merged since.
            guard next[best.left] == best.right, starts[next[best.right]] == best.end else { continue }
            let after = next[best.right]
            tokens[best.left] = best.token
            next[best.left] = after
            next[best.right] = -1
            if after < count {
                previous[after] = best.left
                enqueue(best.left, after, by: rule)
            }
            if previous[best.left] >= 0 { enqueue(previous[best.left], best.left, by: rule) }
        }
        var kept = 0
        var index = 0
        while index < count {
            tokens[kept] = tokens[index]
            starts[kept] = starts[index]
            kept += 1
            index = next[index]
        }
        starts[kept] = starts[count]
        tokens.removeLast(count - kept)
        starts.removeLast(count - kept)
    }

    private mutating func enqueue(_ left: Int, _ right: Int, by rule: some PairRule) {
        steps += 1
        let end = starts[next[right]]
        guard let found = rule.merge(tokens[left], tokens[right], starts[left]..<end) else { return }
        queue.insert(Candidate(rank: found.rank, token: found.token, left: left, right: right, end: end))
    }
}

/// Pairs of tokens that become one, as a file lists them.
struct MergeRule: PairRule, Sendable {
    private(set) var table: PairTable

    init(capacity: Int) { table = PairTable(capacity: capacity) }

    var count: Int { table.count }

    mutating func insert(_ left: UInt32, _ right: UInt32, _ merge: PairMerge) {
        table.insert(UInt64(left) << 32 | UInt64(right), UInt64(merge.rank) << 32 | UInt64(merge.token))
    }

    func merge(_ left: UInt32, _ right: UInt32) -> PairMerge? {
        guard left != TokenIndex.none, right != TokenIndex.none,
            let value = table.value(UInt64(left) << 32 | UInt64(right))
        else { return nil }
        return PairMerge(rank: UInt32(value >> 32), token: UInt32(truncatingIfNeeded: value))
    }

    func merge(_ left: UInt32, _ right: UInt32, _ bytes: Range<Int>) -> PairMerge? { merge(left, right) }
}
