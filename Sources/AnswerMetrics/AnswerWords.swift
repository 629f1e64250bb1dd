/// The words of a text, as small letters: what two texts have in common by words, whatever their punctuation.
///
/// A word is a longest run of letters, digits and marks (Unicode scalars). Signs of scripts that put no blank between words
/// (Han, kana, and any run of more than 32) are words by themselves.
public struct AnswerWords: Sendable {
    /// The words as numbers that two texts share.
    private let left: [Int32]
    private let right: [Int32]

    private static let longestWord = 32

    /// The words of an answer and of what was expected.
    public init(_ answer: String, expected: String) {
        var numbers: [[Unicode.Scalar]: Int32] = [:]
        func number(_ text: String) -> [Int32] {
            Self.words(of: text).map { word in
                let new = Int32(numbers.count)
                return numbers[word]
                    ?? {
                        numbers[word] = new
                        return new
                    }()
            }
        }
        left = number(answer)
        right = number(expected)
    }

    /// How well the words of the answer are those that were expected, in any order: the harmonic mean of the share of its
    /// words that were expected and of the share of the expected ones that it has, each word as often as it occurs in both
    /// (Rajpurkar et al., 2016). nil when no word is expected.
    public var tokenF1: Double? {
        guard !right.isEmpty else { return nil }
        var open: [Int32: Int] = [:]
        for word in right { open[word, default: 0] += 1 }
        var common = 0
        for word in left {
            guard let count = open[word], count > 0 else { continue }
            open[word] = count - 1
            common += 1
        }
        return Self.harmonicMean(common, left.count, right.count)
    }

    /// The same with the words that both have in the same order, with gaps: the longest common subsequence (ROUGE-L, Lin,
    /// 2004, with precision and recall of equal weight). nil when no word is expected, or when both texts are so long that it
    /// would take more than ``CommonSubsequence/maximumWork``.
    public var rougeL: Double? {
        guard !right.isEmpty, let common = CommonSubsequence.length(left, right) else { return nil }
        return Self.harmonicMean(common, left.count, right.count)
    }

    private static func harmonicMean(_ common: Int, _ left: Int, _ right: Int) -> Double {
        common == 0 ? 0 : 2 * Double(common) / Double(left + right)
    }

    /// The words of a text, in order.
    static func words(of text: String) -> [[Unicode.Scalar]] {
        var words: [[Unicode.Scalar]] = []
        var word: [Unicode.Scalar] = []
        func end() {
            if word.count > longestWord {
                words += word.map { [$0] }
            } else if !word.isEmpty {
                words.append(word)
            }
            word.removeAll(keepingCapacity: true)
        }
        for scalar in text.unicodeScalars {
            if scalar.isWordSign, scalar != "_" {
                if scalar.standsAlone { end() }
                word.append(scalar.small)
                if scalar.standsAlone { end() }
            } else {
                end()
            }
        }
        end()
        return words
    }
}

extension Unicode.Scalar {
    /// Whether it is of a script whose words have no blank between them.
    fileprivate var standsAlone: Bool { (0x3041...0x30ff).contains(value) || !isASCII && properties.isIdeographic }
}

/// The longest common subsequence of two rows of numbers, 64 places at a time (Hyyrö, 2004).
public enum CommonSubsequence {
    /// The steps that a comparison may take: the length of the longer row times a 64th of the shorter one, about half a second.
    public static let maximumWork = 200_000_000

    /// Its length; nil when that would take too many steps.
    static func length(_ left: [Int32], _ right: [Int32]) -> Int? {
        let (short, long) = left.count <= right.count ? (left, right) : (right, left)
        guard !short.isEmpty else { return 0 }
        let blocks = (short.count + 63) / 64
        guard blocks <= maximumWork / long.count else { return nil }
        let places = BitPlaces(short)
        var row = [UInt64](repeating: .max, count: blocks)
        for number in long {
            guard let equal = places.blocks(of: number) else { continue }
            var carry = false
            for block in row.indices {
                let old = row[block], common = old & equal[block]
                let (sum, first) = old.addingReportingOverflow(common)
                let (total, second) = sum.addingReportingOverflow(carry ? 1 : 0)
                carry = first || second
                row[block] = total | (old & ~common)
            }
        }
        var length = 0
        for (block, bits) in row.enumerated() {
            let used = min(64, short.count - block * 64)
            let mask: UInt64 = used == 64 ? .max : (1 << UInt64(used)) - 1
            length += (~bits & mask).nonzeroBitCount
        }
        return length
    }
}

/// Where each value stands in a row, as bits.
struct BitPlaces<Value: Hashable> {
    private var places: [Value: [UInt64]] = [:]

    init(_ row: [Value]) {
        let blocks = (row.count + 63) / 64
        for (index, value) in row.enumerated() {
            places[value, default: [UInt64](repeating: 0, count: blocks)][index / 64] |= 1 << UInt64(index % 64)
        }
    }

    /// The places of `value`; nil when it is nowhere.
    func blocks(of value: Value) -> [UInt64]? { places[value] }
}
