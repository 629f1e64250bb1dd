/// Whether a text ends in a loop: what a damaged model does after an answer that may be right, until its limit stops it.
public enum AnswerLoop {
    /// The scalars that are looked at, from the end.
    static let longestScalars = 65_536
    /// The shortest end that is called a loop, in scalars.
    public static let minimumScalars = 60
    /// How often the piece must stand there.
    public static let minimumTimes = 3

    /// Whether the last of the text, white space aside, is one piece three times or more in a row, the last one whole or cut,
    /// 60 scalars or more in all. In one pass over the last 65,536 scalars.
    public static func ends(_ text: String) -> Bool {
        var end: [UInt32] = []
        for scalar in text.unicodeScalars.reversed() {
            if end.isEmpty, scalar.properties.isWhitespace { continue }
            end.append(scalar.value)
            if end.count == longestScalars { break }
        }
        guard end.count >= minimumScalars else { return false }
        // How far each place, read backwards, goes on like the end itself (the Z-function): a period of p is a place p that
        // does so for as long as the repetition is.
        var same = [Int](repeating: 0, count: end.count)
        var from = 0, to = 0
        for place in 1..<end.count {
            var length = place < to ? min(to - place, same[place - from]) : 0
            while place + length < end.count, end[length] == end[place + length] { length += 1 }
            if place + length > to { (from, to) = (place, place + length) }
            same[place] = length
            let run = place + length
            if run >= minimumScalars, run >= minimumTimes * place { return true }
        }
        return false
    }

    /// Whether a text is long enough to end in a loop.
    public static func canEnd(_ text: String) -> Bool {
        text.unicodeScalars.prefix(minimumScalars).count == minimumScalars
    }
}

/// Numbers in texts.
public enum AnswerNumber {
    /// The last number of a text: digits with a point before their fraction, with commas between groups of three, with a
    /// minus that no word stands before, with an exponent. nil when there is none, or it is beyond what a double holds.
    public static func last(in text: String) -> Double? {
        let bytes = Array(text.utf8)
        var found: Double?
        var index = 0
        while index < bytes.count {
            guard isDigit(bytes[index]) else {
                index += 1
                continue
            }
            var end = index
            while end < bytes.count, isDigit(bytes[end]) { end += 1 }
            var digits = Array(bytes[index..<end])
            if end - index <= 3 {
                while end + 3 < bytes.count, bytes[end] == 0x2c, bytes[(end + 1)...(end + 3)].allSatisfy(isDigit),
                    end + 4 == bytes.count || !isDigit(bytes[end + 4])
                {
                    digits += bytes[(end + 1)...(end + 3)]
                    end += 4
                }
            }
            if end + 1 < bytes.count, bytes[end] == 0x2e, isDigit(bytes[end + 1]) {
                let start = end
                end += 1
                while end < bytes.count, isDigit(bytes[end]) { end += 1 }
                digits += bytes[start..<end]
            }
            if end + 1 < bytes.count, bytes[end] | 0x20 == 0x65 {
                let sign = bytes[end + 1] == 0x2b || bytes[end + 1] == 0x2d ? 1 : 0
                if end + 1 + sign < bytes.count, isDigit(bytes[end + 1 + sign]) {
                    let start = end
                    end += 1 + sign
                    while end < bytes.count, isDigit(bytes[end]) { end += 1 }
                    digits += bytes[start..<end]
                }
            }
            if !isWord(before: index, in: bytes) {
                if isNegative(before: index, in: bytes) { digits.insert(0x2d, at: 0) }
                found = Double(String(decoding: digits, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
            }
            index = end
        }
        return found
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == 0x5f || byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a
    }

    /// Whether a number is the end of a word, such as `A12`.
    private static func isWord(before index: Int, in bytes: [UInt8]) -> Bool { index > 0 && isWord(bytes[index - 1]) }

    /// Whether a minus stands there that is no hyphen or dash between two things: `-` or U+2212.
    private static func isNegative(before index: Int, in bytes: [UInt8]) -> Bool {
        var start = index
        if index >= 1, bytes[index - 1] == 0x2d {
            start = index - 1
        } else if index >= 3, bytes[(index - 3)..<index].elementsEqual([0xe2, 0x88, 0x92]) {
            start = index - 3
        } else {
            return false
        }
        return start == 0 || !(isWord(bytes[start - 1]) || bytes[start - 1] == 0x29 || bytes[start - 1] >= 0x80)
    }
}

/// How far a number may be from the one that is expected.
public struct NumberTolerance: Hashable, Sendable, Codable {
    /// As a distance; nil when it is given as a share.
    public let absolute: Double?
    /// As a share of the expected number, 0.01 is 1 %; nil when it is given as a distance.
    public let relative: Double?

    /// A tolerance of `absolute`, or of the share `relative`; of both, the wider one counts.
    public init(absolute: Double? = nil, relative: Double? = nil) {
        self.absolute = absolute
        self.relative = relative
    }

    /// Whether `value` is near enough to `expected`.
    public func allows(_ value: Double, for expected: Double) -> Bool {
        abs(value - expected) <= max(absolute ?? 0, (relative ?? 0) * abs(expected))
    }
}

/// Whether a text has one of some texts in it, in one pass for each (Knuth, Morris and Pratt, 1977).
public enum TextSearch {
    /// Whether `part` occurs in `text`, by its Unicode scalars; with `ignoresCase` capitals count as small letters.
    public static func occurs(_ part: String, in text: String, ignoresCase: Bool = false) -> Bool {
        let wanted = part.unicodeScalars.map { ignoresCase ? $0.small : $0 }
        guard !wanted.isEmpty else { return true }
        // How much of the beginning is there already, after a place that does not go on.
        var back = [0]
        var length = 0
        for index in 1..<max(1, wanted.count) {
            while length > 0, wanted[index] != wanted[length] { length = back[length - 1] }
            if wanted[index] == wanted[length] { length += 1 }
            back.append(length)
        }
        length = 0
        for scalar in text.unicodeScalars {
            let scalar = ignoresCase ? scalar.small : scalar
            while length > 0, scalar != wanted[length] { length = back[length - 1] }
            if scalar == wanted[length] { length += 1 }
            if length == wanted.count { return true }
        }
        return false
    }
}
