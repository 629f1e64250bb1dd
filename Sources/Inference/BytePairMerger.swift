import HeapModule

/// Joins the bytes of a word into tokens by byte-pair encoding (Sennrich et al., 2016): always the pair of the lowest
/// rank, the leftmost of equals, until no pair has one. n log n in the length of the word.
struct BytePairMerger: Sendable {
    /// What a pair becomes, and how early.
    struct Merge: Sendable, Equatable {
        let rank: UInt32
        let token: UInt32
    }

    private let merges: [UInt64: Merge]
    private let byteTokens: [UInt32]

    /// - Parameters:
    ///   - byteTokens: token of each of the 256 bytes.
    ///   - merges: by pair, as `key` makes it.
    init(byteTokens: [UInt32], merges: [UInt64: Merge]) {
        self.byteTokens = byteTokens
        self.merges = merges
    }

    static func key(_ left: UInt32, _ right: UInt32) -> UInt64 { UInt64(left) << 32 | UInt64(right) }

    /// Appends the tokens of a word.
    func encode(_ word: ArraySlice<UInt8>, into tokens: inout [Int]) {
        var symbols = word.map { byteTokens[Int($0)] }
        guard symbols.count > 1 else {
            tokens += symbols.map { Int($0) }
            return
        }
        // A linked list over the symbols; a merged symbol keeps the place of its left part.
        var next = Array(1...symbols.count)
        var previous = Array(-1..<symbols.count - 1)
        var isAlive = Array(repeating: true, count: symbols.count)
        var queue = Heap<Candidate>()
        func candidate(_ left: Int, _ right: Int, _ symbols: [UInt32]) -> Candidate? {
            let key = Self.key(symbols[left], symbols[right])
            return merges[key].map { Candidate(rank: $0.rank, left: left, right: right, key: key, token: $0.token) }
        }
        for left in 0..<symbols.count - 1 {
            if let first = candidate(left, left + 1, symbols) { queue.insert(first) }
        }
        while let best = queue.popMin() {
            // Either side may have been merged since.
            guard isAlive[best.left], isAlive[best.right], next[best.left] == best.right,
                Self.key(symbols[best.left], symbols[best.right]) == best.key
            else { continue }
            symbols[best.left] = best.token
            isAlive[best.right] = false
            let after = next[best.right]
            next[best.left] = after
            if after < symbols.count {
                previous[after] = best.left
                if let more = candidate(best.left, after, symbols) { queue.insert(more) }
            }
            let before = previous[best.left]
            if before >= 0, let more = candidate(before, best.left, symbols) { queue.insert(more) }
        }
        var index = 0
        while index < symbols.count {
            tokens.append(Int(symbols[index]))
            index = next[index]
        }
    }

    private struct Candidate: Comparable {
        let rank: UInt32
        let left: Int
        let right: Int
        let key: UInt64
        let token: UInt32

        static func < (a: Candidate, b: Candidate) -> Bool { (a.rank, a.left) < (b.rank, b.left) }
    }
}

/// The alphabet in which byte-level BPE writes its tokens: one printable character per byte. Printable bytes stand for
/// themselves, the others for U+0100 and up in order (Radford et al., 2019).
enum ByteAlphabet {
    /// Character of each byte.
    static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0...255).map { (byte: UInt32) in
            if (33...126).contains(byte) || (161...172).contains(byte) || (174...255).contains(byte) {
                return Unicode.Scalar(UInt8(byte))
            }
            defer { next += 1 }
            return Unicode.Scalar(next) ?? " "
        }
    }()

    private static let byteByScalar: [UInt32: UInt8] = Dictionary(
        uniqueKeysWithValues: zip(scalars.map(\.value), 0...255)
    )

    /// The bytes that a token's text stands for, or nil when a character is outside the alphabet.
    static func bytes(of text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let byte = byteByScalar[scalar.value] else { return nil }
            bytes.append(byte)
        }
        return bytes
    }
}
