/// Two short texts compared word by word, so that a reader sees at once what an answer lost and got.
struct WordDifference: Hashable, Sendable {
    /// A run of words that is on one side only, or on both.
    struct Run: Hashable, Sendable {
        /// The words, with the space and the punctuation between them.
        let words: HTMLText
        /// Whether the other side does not have them.
        let isDifferent: Bool
    }

    /// The left text in runs.
    let left: [Run]
    /// The right text in runs.
    let right: [Run]

    /// Texts with more words than this are shown without marks: the table of the comparison grows with the square.
    static let maxWords = 400

    /// Compares `left` and `right`, each shown up to `limit` bytes of HTML.
    init(_ left: String, _ right: String, limit: Int) {
        let leftWords = WordDifference.words(of: left), rightWords = WordDifference.words(of: right)
        let fits = HTMLText(left, limit: limit).isWhole && HTMLText(right, limit: limit).isWhole
        guard fits, leftWords.count <= WordDifference.maxWords, rightWords.count <= WordDifference.maxWords else {
            self.left = [Run(words: HTMLText(left, limit: limit), isDifferent: false)]
            self.right = [Run(words: HTMLText(right, limit: limit), isDifferent: false)]
            return
        }
        let common = WordDifference.longestCommon(leftWords, rightWords)
        self.left = WordDifference.runs(leftWords, common: Set(common.map(\.0)), limit: limit)
        self.right = WordDifference.runs(rightWords, common: Set(common.map(\.1)), limit: limit)
    }

    /// The text cut before and after each sign of punctuation and at spaces, which stay with the word before.
    static func words(of text: String) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        func close() {
            if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
            word = []
        }
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x80...0xff: word.append(byte)
            default:
                close()
                word = [byte]
                close()
            }
        }
        close()
        return words
    }

    /// The positions of a longest common subsequence, by the table of Wagner and Fischer (1974).
    private static func longestCommon(_ left: [String], _ right: [String]) -> [(Int, Int)] {
        let width = right.count + 1
        var lengths = [Int32](repeating: 0, count: (left.count + 1) * width)
        for i in left.indices.reversed() {
            for j in right.indices.reversed() {
                lengths[i * width + j] =
                    left[i] == right[j]
                    ? lengths[(i + 1) * width + j + 1] + 1
                    : max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
            }
        }
        var positions: [(Int, Int)] = []
        var i = 0, j = 0
        while i < left.count, j < right.count {
            if left[i] == right[j] {
                positions.append((i, j))
                i += 1
                j += 1
            } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
                i += 1
            } else {
                j += 1
            }
        }
        return positions
    }

    private static func runs(_ words: [String], common: Set<Int>, limit: Int) -> [Run] {
        var runs: [Run] = []
        var text = "", isDifferent = false
        for (index, word) in words.enumerated() {
            let differs = !common.contains(index)
            if differs != isDifferent, !text.isEmpty {
                runs.append(Run(words: HTMLText(text, limit: limit), isDifferent: isDifferent))
                text = ""
            }
            isDifferent = differs
            text += word
        }
        if !text.isEmpty { runs.append(Run(words: HTMLText(text, limit: limit), isDifferent: isDifferent)) }
        return runs
    }
}
