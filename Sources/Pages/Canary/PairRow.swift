import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat

/// A request with the answers of both sides, word by word.
struct PairRow: Hashable, Sendable {
    let request: HTMLText
    let worse: HTMLText
    let input: HTMLText
    let expected: HTMLText?
    /// Where that comes from; nil where the set itself said it.
    let expectedFrom: HTMLText?
    let baselineName: HTMLText
    let candidateName: HTMLText
    let baseline: [WordDifference.Run]
    let candidate: [WordDifference.Run]
    let hasThinking: Bool
    let baselineThinking: HTMLText
    let candidateThinking: HTMLText

    /// The bytes of HTML that one text of a pair may take, so that a page of pairs stays small.
    private static let limit = 760
    /// The same where both thinking and answers are shown: a page of such pairs is no larger.
    private static let (besideThinking, thinkingLimit) = (500, 200)
    /// The same for what was asked and expected.
    private static let shortLimit = 400

    /// A pair of a canary.
    ///
    /// - Parameters:
    ///   - better: The metrics on which the candidate was better, where they are told.
    ///   - place: Its place in the run, where it is told.
    init(
        _ pair: CanaryReport.Pair,
        better: [String] = [],
        place: Int? = nil,
        baseline: ReleaseID,
        candidate: ReleaseID
    ) {
        request = HTMLText((place.map { "\($0). " } ?? "") + "#\(pair.request)", limit: 100)
        let changes = [("worse", pair.worse), ("better", better)].filter { !$0.1.isEmpty }.map { word, metrics in
            "\(word): " + metrics.map(Metric.title(of:)).joined(separator: ", ")
        }
        worse = HTMLText(changes.joined(separator: "; "), limit: 200)
        input = HTMLText("“\(pair.input)”", limit: PairRow.shortLimit)
        expected = pair.expected.map { HTMLText($0, limit: PairRow.shortLimit) }
        expectedFrom = pair.expectedFrom.map { HTMLText($0.words) }
        baselineName = "Baseline r\(baseline.number)"
        candidateName = "Candidate r\(candidate.number)"
        hasThinking = pair.baseline.thinking != nil || pair.candidate.thinking != nil
        let difference = WordDifference(
            PairRow.text(pair.baseline),
            PairRow.text(pair.candidate),
            limit: hasThinking ? PairRow.besideThinking : PairRow.limit
        )
        self.baseline = difference.left
        self.candidate = difference.right
        baselineThinking = HTMLText(pair.baseline.thinking ?? "nothing", limit: PairRow.thinkingLimit)
        candidateThinking = HTMLText(pair.candidate.thinking ?? "nothing", limit: PairRow.thinkingLimit)
    }

    /// A stored pair at its place in the run.
    init(_ sample: CanarySample, baseline: ReleaseID, candidate: ReleaseID) {
        self.init(
            sample.pair,
            better: sample.better,
            place: sample.place,
            baseline: baseline,
            candidate: candidate
        )
    }

    /// About how many bytes of HTML it takes.
    var bytes: Int {
        let texts = [request, worse, input, expected, expectedFrom, baselineName, candidateName].compactMap { $0?.html }
        let thoughts = hasThinking ? [baselineThinking.html, candidateThinking.html] : []
        let runs = (baseline + candidate).map { $0.words.html.utf8.count + ($0.isDifferent ? 11 : 0) }
        return (texts + thoughts).reduce(0) { $0 + $1.utf8.count } + runs.reduce(0, +) + (hasThinking ? 700 : 380)
    }

    /// A wrong answer of an evaluation, against what was expected.
    init(_ failure: EvaluationResult.Failure) {
        request = HTMLText("#\(failure.request)", limit: 100)
        worse = ""
        input = HTMLText("“\(failure.input)”", limit: PairRow.shortLimit)
        expected = nil
        expectedFrom = nil
        baselineName = HTMLText("Expected" + (failure.expectedFrom.map { ", \($0.words)" } ?? ""))
        candidateName = "Answered"
        let difference = WordDifference(
            failure.expected ?? "not said",
            failure.answer ?? "no answer came",
            limit: PairRow.limit
        )
        baseline = difference.left
        candidate = difference.right
        (hasThinking, baselineThinking, candidateThinking) = (false, "", "")
    }

    private static func text(_ side: CanaryReport.Side) -> String {
        side.said ?? side.error.map { "no answer: \($0)" } ?? "no answer came"
    }
}

extension ExpectationSource {
    /// Where an expected answer comes from.
    fileprivate var words: String {
        switch self {
        case .answer: "a release's own answer that a person called right"
        case .correction: "a person's correction"
        }
    }
}

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
