import AnswerMetrics
public import RegistryRecords
public import UserDocuments

/// Yes-or-no metrics of one answer: 1 means the word of the metric holds, nil that it cannot be said.
public enum AnswerCheck {
    /// What the metrics mean: 1 compared text alone, and took an empty answer for one; 2 counted one request as many where a
    /// set repeats it, and answers that were cut as if they were whole. Evidence says by which it was made.
    public static let revision = 3

    /// Whether the answer is what was expected, apart from white space around it; nil when nobody said what to expect.
    ///
    /// - Parameter comparison: As JSON where both are, else as texts.
    public static func exactMatch(
        _ answer: String?,
        expected: String?,
        as comparison: AnswerComparison = .text
    ) -> Double? {
        guard let expected else { return nil }
        guard let answer else { return 0 }
        if trimmed(answer) == trimmed(expected) { return 1 }
        switch comparison {
        case .text: return 0
        case .json: return JSONEquality.areEqual(answer, expected) == true ? 1 : 0
        }
    }

    /// Whether a text is nothing but white space.
    public static func isBlank(_ text: String?) -> Bool { text.map { $0.utf8.allSatisfy(isSpace) } ?? true }

    /// Whether the answer is JSON that fits the prompt's schema; nil when the prompt has none.
    public static func jsonValid(_ answer: String?, schema: OutputSchema?) -> Double? {
        guard let schema else { return nil }
        guard let answer else { return 0 }
        return schema.problems(in: answer).isEmpty ? 1 : 0
    }

    /// Whether the answer repeats itself; nil when there is none.
    ///
    /// At least half of its runs of four words occurred in it before: 1 − |different runs| ÷ |runs| ≥ 0.5 (seq-rep-4,
    /// Welleck et al., 2019, "Neural Text Generation with Unlikelihood Training"). Words end at white space. What is
    /// longer than 32 bytes is no word but a script without blanks, or a loop within a word: its characters (Unicode
    /// scalars) count as words. An answer of fewer than eight words repeats nothing.
    public static func repetition(_ answer: String?) -> Double? {
        guard let answer else { return nil }
        let words = words(answer)
        guard words.count >= minimumWords else { return 0 }
        let runs = words.count - 3
        let different = Set(
            (0..<runs).map { start in
                words[start..<start + 4].reduce(into: [UInt8]()) { run, word in
                    run += word
                    run.append(0x20)
                }
            }
        )
        return 2 * (runs - different.count) >= runs ? 1 : 0
    }

    /// Whether an answer is long enough to repeat itself.
    static func canRepeat(_ answer: String?) -> Bool { answer.map { words($0).count >= minimumWords } ?? false }

    private static let minimumWords = 8

    private static func words(_ answer: String) -> [Substring.UTF8View] {
        var words: [Substring.UTF8View] = []
        for word in answer.utf8.split(whereSeparator: isSpace) {
            if word.count <= 32 {
                words.append(word)
            } else {
                let text = Substring(word)
                words += text.unicodeScalars.indices.map { index in
                    text[index..<text.unicodeScalars.index(after: index)].utf8
                }
            }
        }
        return words
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }

    /// The bytes of a text without the white space around it.
    static func trimmed(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.first, isSpace(byte) { bytes = bytes.dropFirst() }
        while let byte = bytes.last, isSpace(byte) { bytes = bytes.dropLast() }
        return Array(bytes)
    }
}
