public import UserDocuments

/// Yes-or-no metrics of one answer: 1 means the word of the metric holds, nil that it cannot be said.
public enum AnswerCheck {
    /// Whether the answer is what was expected, apart from white space around it; nil when nobody said what to expect.
    public static func exactMatch(_ answer: String?, expected: String?) -> Double? {
        guard let expected else { return nil }
        guard let answer else { return 0 }
        return trimmed(answer) == trimmed(expected) ? 1 : 0
    }

    /// Whether the answer is JSON that fits the prompt's schema; nil when the prompt has none.
    public static func jsonValid(_ answer: String?, schema: OutputSchema?) -> Double? {
        guard let schema else { return nil }
        guard let answer else { return 0 }
        return schema.problems(in: answer).isEmpty ? 1 : 0
    }

    private static func trimmed(_ text: String) -> [UInt8] {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.first, isSpace(byte) { bytes = bytes.dropFirst() }
        while let byte = bytes.last, isSpace(byte) { bytes = bytes.dropLast() }
        return Array(bytes)
    }
}
