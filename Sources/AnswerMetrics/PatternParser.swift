/// Why a text is not a pattern; places are counted in scalars from 1 on.
public enum PatternError: Error, Equatable, Sendable {
    /// Nothing at all.
    case empty
    /// A value that is no text.
    case notAText
    /// More than ``AnswerPattern/maximumBytes``.
    case tooLong
    /// More steps than ``AnswerPattern/maximumSize`` when its repetitions are written out.
    case tooLarge
    /// Groups within groups beyond 20.
    case tooDeep
    /// A repetition of nothing.
    case nothingToRepeat(place: Int)
    /// A group or class that does not end, or ends without having begun.
    case unbalanced(place: Int)
    /// A class or repetition whose bounds are not in order, or beyond 100.
    case badRange(place: Int)
    /// Something that other engines know and this one does not, as it is written.
    case unknown(String, place: Int)
}

extension PatternError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty: "it is empty: every answer has it"
        case .notAText: "it is no text"
        case .tooLong: "it is longer than \(AnswerPattern.maximumBytes) bytes"
        case .tooLarge:
            "its repetitions come to more than \(AnswerPattern.maximumSize) steps: write smaller bounds in braces"
        case .tooDeep: "its groups are more than 20 deep"
        case .nothingToRepeat(let place):
            "nothing stands before the repetition at \(place): write \\ before it if it is meant"
        case .unbalanced(let place): "the bracket at \(place) has no other half: write \\ before it if it is meant"
        case .badRange(let place): "the bounds at \(place) are not in order, or over 100"
        case .unknown(let text, let place):
            "\(text) at \(place) is not known: known are . [ ] \\d \\w \\s \\b ^ $ ( ) (?: ) | * + ? {2,5} \\n \\r \\t \\u{20AC} and (?i) in front"
        }
    }
}

/// Turns the text of a pattern into steps.
struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private(set) var ignoresCase = false

    /// What a part of a pattern is, before it has places.
    private indirect enum Node {
        case step(PatternStep)
        case sequence([Node])
        case choice([Node])
        case repeated(Node, from: Int, to: Int?)
    }

    private static let maximumRepetition = 100
    private static let maximumDepth = 20

    init(_ source: String) throws(PatternError) {
        guard !source.isEmpty else { throw .empty }
        guard source.utf8.count <= AnswerPattern.maximumBytes else { throw .tooLong }
        scalars = Array(source.unicodeScalars)
        if scalars.starts(with: "(?i)".unicodeScalars) {
            ignoresCase = true
            index = 4
            guard index < scalars.count else { throw .empty }
        }
    }

    mutating func whole() throws(PatternError) -> [PatternStep] {
        let node = try choice(depth: 0)
        guard index == scalars.count else { throw .unbalanced(place: index + 1) }
        var steps: [PatternStep] = []
        try Self.write(node, into: &steps)
        try Self.add(.match, to: &steps)
        return steps
    }

    // MARK: Reading

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        index += 1
        return true
    }

    private mutating func choice(depth: Int) throws(PatternError) -> Node {
        guard depth <= Self.maximumDepth else { throw .tooDeep }
        var branches = [try sequence(depth: depth)]
        while take("|") { branches.append(try sequence(depth: depth)) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence(depth: Int) throws(PatternError) -> Node {
        var parts: [Node] = []
        while let scalar = peek, scalar != "|", scalar != ")" {
            let place = index + 1
            let part = try self.part(depth: depth)
            if let bounds = try repetition() {
                if case .step(.begin) = part { throw .nothingToRepeat(place: place + 1) }
                parts.append(.repeated(part, from: bounds.from, to: bounds.to))
                if try repetition() != nil { throw .nothingToRepeat(place: index) }
            } else {
                parts.append(part)
            }
        }
        return .sequence(parts)
    }

    private mutating func part(depth: Int) throws(PatternError) -> Node {
        let place = index + 1, scalar = scalars[index]
        index += 1
        switch scalar {
        case ".": return .step(.any)
        case "^": return .step(.begin)
        case "$": return .step(.end)
        case "*", "+", "?", "{": throw .nothingToRepeat(place: place)
        case "[": return .step(.oneOf(try bracket(place)))
        case "\\": return .step(try escape(place))
        case "(":
            if take("?"), !take(":") {
                let end = min(scalars.count, index + 2)
                throw .unknown("(?" + Self.shown(scalars[index..<end]), place: place)
            }
            let inner = try choice(depth: depth + 1)
            guard take(")") else { throw .unbalanced(place: place) }
            return inner
        default: return .step(.scalar(ignoresCase ? scalar.small : scalar))
        }
    }

    /// The bounds of a repetition; nil when none stands here.
    private mutating func repetition() throws(PatternError) -> (from: Int, to: Int?)? {
        let place = index + 1
        var bounds: (from: Int, to: Int?)
        if take("*") {
            bounds = (0, nil)
        } else if take("+") {
            bounds = (1, nil)
        } else if take("?") {
            bounds = (0, 1)
        } else if take("{") {
            guard let low = number() else { throw .badRange(place: place) }
            bounds = (low, low)
            if take(",") { bounds.to = number() }
            guard take("}"), low <= Self.maximumRepetition, (bounds.to ?? low) >= low,
                (bounds.to ?? 0) <= Self.maximumRepetition
            else { throw .badRange(place: place) }
        } else {
            return nil
        }
        if take("+") { throw .unknown("possessive repetition", place: index) }
        // Whether as few as possible are read makes no difference for whether it occurs.
        _ = take("?")
        return bounds
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = peek, scalar >= "0", scalar <= "9", (value ?? 0) < 1000 {
            value = (value ?? 0) * 10 + Int(scalar.value - 0x30)
            index += 1
        }
        return value
    }

    private mutating func escape(_ place: Int) throws(PatternError) -> PatternStep {
        switch peek {
        case "b", "B":
            defer { index += 1 }
            return .wordEdge(peek == "b")
        default:
            if let kind = takeKind() { return .oneOf(ScalarClass(kinds: [kind])) }
            let scalar = try escapedScalar(place)
            return .scalar(ignoresCase ? scalar.small : scalar)
        }
    }

    private mutating func takeKind() -> (kind: ScalarClass.Kind, isNegated: Bool)? {
        let kind: (kind: ScalarClass.Kind, isNegated: Bool)
        switch peek {
        case "d": kind = (.digit, false)
        case "D": kind = (.digit, true)
        case "w": kind = (.word, false)
        case "W": kind = (.word, true)
        case "s": kind = (.space, false)
        case "S": kind = (.space, true)
        default: return nil
        }
        index += 1
        return kind
    }

    private mutating func escapedScalar(_ place: Int) throws(PatternError) -> Unicode.Scalar {
        guard let scalar = peek else { throw .unbalanced(place: place) }
        index += 1
        switch scalar {
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            guard take("{") else { throw .unknown("\\u", place: place) }
            var digits = ""
            while let digit = peek, digit != "}", digits.utf8.count < 8 {
                digits.unicodeScalars.append(digit)
                index += 1
            }
            guard take("}"), let value = UInt32(digits, radix: 16), let found = Unicode.Scalar(value) else {
                throw .unknown("\\u{\(digits)", place: place)
            }
            return found
        default:
            if scalar.isASCII, scalar.isWordSign, scalar != "_" {
                throw .unknown("\\" + Self.shown([scalar]), place: place)
            }
            return scalar
        }
    }

    private mutating func bracket(_ place: Int) throws(PatternError) -> ScalarClass {
        var set = ScalarClass(isNegated: take("^"))
        var isFirst = true
        while let scalar = peek, scalar != "]" || isFirst {
            isFirst = false
            let at = index + 1
            index += 1
            if scalar == "\\", let kind = takeKind() {
                set.kinds.append(kind)
                continue
            }
            let low = scalar == "\\" ? try escapedScalar(at) : scalar
            guard peek == "-", index + 1 < scalars.count, scalars[index + 1] != "]" else {
                set.ranges.append(low...low)
                continue
            }
            index += 1
            let next = scalars[index]
            index += 1
            let high = next == "\\" ? try escapedScalar(index) : next
            guard low <= high else { throw .badRange(place: at) }
            set.ranges.append(low...high)
        }
        guard take("]") else { throw .unbalanced(place: place) }
        return set
    }

    private static func shown(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var text = ""
        for scalar in scalars { text.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7f ? "?" : scalar) }
        return text
    }

    // MARK: Writing

    private static func add(_ step: PatternStep, to steps: inout [PatternStep]) throws(PatternError) {
        guard steps.count < AnswerPattern.maximumSize else { throw .tooLarge }
        steps.append(step)
    }

    private static func write(_ node: Node, into steps: inout [PatternStep]) throws(PatternError) {
        switch node {
        case .step(let step): try add(step, to: &steps)
        case .sequence(let parts): for part in parts { try write(part, into: &steps) }
        case .choice(let branches):
            var jumps: [Int] = []
            for branch in branches.dropLast() {
                let fork = steps.count
                try add(.jump(0), to: &steps)
                try write(branch, into: &steps)
                jumps.append(steps.count)
                try add(.jump(0), to: &steps)
                steps[fork] = .either(fork + 1, steps.count)
            }
            if let last = branches.last { try write(last, into: &steps) }
            for jump in jumps { steps[jump] = .jump(steps.count) }
        case .repeated(let part, let from, let to):
            for _ in 0..<from {
                let before = steps.count
                try write(part, into: &steps)
                // What is nothing is nothing however often, and costs no time.
                if steps.count == before { return }
            }
            if let to {
                var forks: [Int] = []
                for _ in from..<to {
                    forks.append(steps.count)
                    try add(.jump(0), to: &steps)
                    try write(part, into: &steps)
                }
                for fork in forks { steps[fork] = .either(fork + 1, steps.count) }
            } else {
                let fork = steps.count
                try add(.jump(0), to: &steps)
                try write(part, into: &steps)
                try add(.jump(fork), to: &steps)
                steps[fork] = .either(fork + 1, steps.count)
            }
        }
    }
}
