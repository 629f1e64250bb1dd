/// A regular expression that a text is searched for, in time that grows with the text and never with how it is written.
///
/// Known are: characters (Unicode scalars), `.` (all but a line feed), classes such as `[a-z_]` and `[^0-9]`, `\d`, `\w`,
/// `\s` and their opposites in capitals, `\b` and `\B`, `^` and `$` (the beginning and the end of the text), groups
/// `( )` and `(?: )`, `|`, the repetitions `*`, `+`, `?` and `{2,5}` (also with a `?` behind, which changes nothing for
/// whether it occurs), the escapes `\n`, `\r`, `\t`, `\u{20AC}` and of any sign that is neither letter nor digit, and
/// `(?i)` in front, for which capitals count as small letters. All else is refused by name. A text is searched in at most
/// as many steps as it has scalars times the ``size`` of the pattern (the simulation of Thompson, 1968).
public struct AnswerPattern: Sendable {
    /// The longest source, in bytes.
    public static let maximumBytes = 500
    /// The largest ``size``.
    public static let maximumSize = 500

    /// The pattern as it was written.
    public let source: String
    private let steps: [PatternStep]
    private let ignoresCase: Bool

    /// Steps of the pattern when its repetitions are written out.
    public var size: Int { steps.count }

    /// Reads a pattern.
    public init(_ source: String) throws(PatternError) {
        var parser = try PatternParser(source)
        steps = try parser.whole()
        ignoresCase = parser.ignoresCase
        self.source = source
    }

    /// Whether it occurs in `text`.
    public func occurs(in text: String) -> Bool {
        var now = ThreadSet(size: steps.count), next = ThreadSet(size: steps.count)
        var stack: [Int] = []
        var previous: Unicode.Scalar?
        var iterator = text.unicodeScalars.makeIterator()
        var current = iterator.next()
        while true {
            // A match may begin anywhere.
            if follow(0, into: &now, previous, current, &stack) { return true }
            guard let scalar = current else { return false }
            let small = ignoresCase ? scalar.small : scalar
            let following = iterator.next()
            next.removeAll()
            for index in now.members where steps[index].takes(scalar, small: small, ignoresCase: ignoresCase) {
                if follow(index + 1, into: &next, scalar, following, &stack) { return true }
            }
            swap(&now, &next)
            previous = scalar
            current = following
        }
    }

    /// Adds what can be reached from `start` without reading; true when that is the end of the pattern.
    private func follow(
        _ start: Int,
        into threads: inout ThreadSet,
        _ before: Unicode.Scalar?,
        _ after: Unicode.Scalar?,
        _ stack: inout [Int]
    ) -> Bool {
        stack.append(start)
        while let index = stack.popLast() {
            guard threads.insert(index) else { continue }
            switch steps[index] {
            case .match:
                stack.removeAll(keepingCapacity: true)
                return true
            case .jump(let target): stack.append(target)
            case .either(let first, let second):
                stack.append(second)
                stack.append(first)
            case .begin: if before == nil { stack.append(index + 1) }
            case .end: if after == nil { stack.append(index + 1) }
            case .wordEdge(let isWanted):
                let isEdge = (before?.isWordSign ?? false) != (after?.isWordSign ?? false)
                if isEdge == isWanted { stack.append(index + 1) }
            case .scalar, .any, .oneOf: break
            }
        }
        return false
    }
}

extension AnswerPattern: Hashable, Codable {
    public static func == (left: AnswerPattern, right: AnswerPattern) -> Bool {
        left.source.utf8.elementsEqual(right.source.utf8)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(Array(source.utf8)) }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do throws(PatternError) {
            try self.init(try container.decodedText())
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(source)
    }
}

extension SingleValueDecodingContainer {
    fileprivate func decodedText() throws(PatternError) -> String {
        guard let text = try? decode(String.self) else { throw .notAText }
        return text
    }
}

/// One step of a pattern; what reads a scalar goes on with the step behind it.
enum PatternStep: Sendable {
    case scalar(Unicode.Scalar)
    case any
    case oneOf(ScalarClass)
    case either(Int, Int)
    case jump(Int)
    case begin
    case end
    case wordEdge(Bool)
    case match

    /// Whether it reads `scalar`, whose small letter is `small`.
    func takes(_ scalar: Unicode.Scalar, small: Unicode.Scalar, ignoresCase: Bool) -> Bool {
        switch self {
        case .scalar(let wanted): wanted == small
        case .any: scalar != "\n"
        case .oneOf(let set):
            set.contains(scalar, orAny: ignoresCase ? [small, scalar.capital] : [])
        case .either, .jump, .begin, .end, .wordEdge, .match: false
        }
    }
}

/// Scalars between brackets, or behind a backslash.
struct ScalarClass: Sendable {
    enum Kind: Sendable { case digit, word, space }

    var ranges: [ClosedRange<Unicode.Scalar>] = []
    var kinds: [(kind: Kind, isNegated: Bool)] = []
    var isNegated = false

    func contains(_ scalar: Unicode.Scalar, orAny others: [Unicode.Scalar]) -> Bool {
        (holds(scalar) || others.contains(where: holds)) != isNegated
    }

    private func holds(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar) }
            || kinds.contains { kind, isNegated in
                let isOne =
                    switch kind {
                    case .digit: scalar >= "0" && scalar <= "9"
                    case .word: scalar.isWordSign
                    case .space: scalar.properties.isWhitespace
                    }
                return isOne != isNegated
            }
    }
}

/// Steps that are waited at, each once.
private struct ThreadSet {
    private(set) var members: [Int] = []
    private var isIn: [Bool]

    init(size: Int) {
        isIn = Array(repeating: false, count: size)
        members.reserveCapacity(size)
    }

    mutating func insert(_ index: Int) -> Bool {
        guard !isIn[index] else { return false }
        isIn[index] = true
        members.append(index)
        return true
    }

    mutating func removeAll() {
        for index in members { isIn[index] = false }
        members.removeAll(keepingCapacity: true)
    }
}

extension Unicode.Scalar {
    /// The small letter of it, where that is a single scalar.
    var small: Unicode.Scalar {
        if isASCII { return self >= "A" && self <= "Z" ? Unicode.Scalar(UInt8(value) | 0x20) : self }
        let mapping = properties.lowercaseMapping.unicodeScalars
        return mapping.count == 1 ? mapping.first ?? self : self
    }

    /// The capital of it, where that is a single scalar.
    var capital: Unicode.Scalar {
        if isASCII { return self >= "a" && self <= "z" ? Unicode.Scalar(UInt8(value) & 0xdf) : self }
        let mapping = properties.uppercaseMapping.unicodeScalars
        return mapping.count == 1 ? mapping.first ?? self : self
    }

    /// Whether it is a letter, a digit, a mark on one of them, or an underscore.
    var isWordSign: Bool {
        if isASCII {
            return self >= "a" && self <= "z" || self >= "A" && self <= "Z" || self >= "0" && self <= "9" || self == "_"
        }
        if properties.isAlphabetic { return true }
        switch properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark: return true
        default: return false
        }
    }
}
