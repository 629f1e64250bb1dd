/// Reads a mapping key by key and keeps every problem it meets, so that a person sees all of them at once.
///
/// The keys that are asked for are the known ones; ``finish()`` reports the others. A read that fails returns nil
/// and leaves its problem behind, so a reader's caller gives up only after everything was read.
public struct MappingReader {
    /// What is wrong so far, in the order it was met.
    public private(set) var problems: [StrictYAMLError] = []
    /// What is read, in words, for messages, such as `gate "card"`.
    public var owner: String
    /// Where the mapping starts.
    public let position: YAMLPosition
    private let entries: [YAMLNode.Entry]
    private var known: [String] = []

    /// A reader of `node`, called `owner` in messages. A node that is not a mapping is a problem and reads as empty.
    public init(_ node: YAMLNode, owner: String) {
        self.owner = owner
        position = node.position
        if case .mapping(let entries) = node.value {
            self.entries = entries
        } else {
            entries = []
            problems = [
                .wrongKind(key: "", of: owner, expected: "a mapping", found: node.kindInWords, node.position)
            ]
        }
    }

    /// Whether nothing is wrong so far.
    public var isClean: Bool { problems.isEmpty }

    /// Whether the mapping has `key`; the key counts as known.
    public mutating func has(_ key: String) -> Bool { entry(key) != nil }

    /// Whether the mapping has `key`, without making it known.
    public func contains(_ key: String) -> Bool { entries.contains { $0.key == key } }

    /// The elements of the list at `key`, for their places; empty when it is not a list. Reports nothing.
    public func elements(of key: String) -> [YAMLNode] {
        guard case .sequence(let elements) = entries.first(where: { $0.key == key })?.value.value else { return [] }
        return elements
    }

    /// Adds a problem at the place of `key`, or of the mapping when it has no such key.
    public mutating func refuse(_ message: String, at key: String? = nil) {
        let entry = key.flatMap { key in entries.first { $0.key == key } }
        problems.append(.refused(message, entry?.value.position ?? position))
    }

    /// Adds a problem.
    public mutating func add(_ problem: StrictYAMLError) { problems.append(problem) }

    /// Adds the problems of another reader.
    public mutating func add(contentsOf other: [StrictYAMLError]) { problems += other }

    /// Makes `keys` known without reading them.
    public mutating func allow(_ keys: [String]) {
        for key in keys where !known.contains(key) { known.append(key) }
    }

    /// Makes all keys known: what they should be cannot be told.
    public mutating func allowAnything() { allow(entries.map(\.key)) }

    /// Reports the keys that nobody asked for and returns all problems.
    public mutating func finish() -> [StrictYAMLError] {
        for entry in entries where !known.contains(entry.key) {
            let near = NearName.nearest(to: entry.key, in: known)
            problems.append(.unknownKey(entry.key, of: owner, near: near, known: known, entry.position))
        }
        return problems
    }

    /// The node of `key`; nil when it is not there.
    public mutating func node(_ key: String, isRequired: Bool = false) -> YAMLNode? {
        guard let entry = entry(key) else {
            if isRequired { problems.append(.missingKey(key, of: owner, position)) }
            return nil
        }
        guard !entry.value.isEmpty else {
            problems.append(
                .wrongKind(key: key, of: owner, expected: "a value", found: "empty", entry.value.position)
            )
            return nil
        }
        return entry.value
    }

    /// The text of `key`, quoted or not.
    public mutating func text(_ key: String, isRequired: Bool = false) -> String? {
        guard let node = node(key, isRequired: isRequired) else { return nil }
        guard let text = node.text else {
            problems.append(wrongKind(key, "a text", node))
            return nil
        }
        return text
    }

    /// The text of `key` turned into something by `make`, which answers nil for what cannot be.
    public mutating func value<Value>(
        _ key: String,
        isRequired: Bool = false,
        expected: String,
        make: (String) -> Value?
    ) -> Value? {
        guard let node = node(key, isRequired: isRequired) else { return nil }
        return value(of: node, key: key, expected: expected, make: make)
    }

    /// One of the words of an enumeration.
    public mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        isRequired: Bool = false,
        as type: Choice.Type = Choice.self
    ) -> Choice? {
        guard let node = node(key, isRequired: isRequired) else { return nil }
        return choice(of: node, key: key, as: type)
    }

    /// `true` or `false`, not quoted.
    public mutating func flag(_ key: String, isRequired: Bool = false) -> Bool? {
        plain(key, isRequired: isRequired, expected: "true or false") { text in
            switch text {
            case "true": true
            case "false": false
            default: nil
            }
        }
    }

    /// A whole number within `range`, not quoted.
    public mutating func integer(_ key: String, in range: ClosedRange<Int>, isRequired: Bool = false) -> Int? {
        plain(key, isRequired: isRequired, expected: "a whole number in \(range.lowerBound)...\(range.upperBound)") {
            guard $0.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int($0) else { return nil }
            return range.contains(number) ? number : nil
        }
    }

    /// A number in one of `units` whose ``Quantity/value`` is within `range`, not quoted.
    public mutating func quantity(
        _ key: String,
        units: [Quantity.Unit],
        in range: ClosedRange<Double>,
        expected: String,
        isRequired: Bool = false
    ) -> Double? {
        plain(key, isRequired: isRequired, expected: expected) { text in
            guard let quantity = Quantity(text), units.contains(quantity.unit) else { return nil }
            return range.contains(quantity.value) ? quantity.value : nil
        }
    }

    /// A time such as `20 s`, `30 min`, `1 h` or `7 d`, in seconds.
    public mutating func duration(
        _ key: String,
        in range: ClosedRange<Double>,
        isRequired: Bool = false
    ) -> Double? {
        quantity(
            key,
            units: [.milliseconds, .seconds, .minutes, .hours, .days],
            in: range,
            expected: "a time with its unit, such as 800 ms, 20 s, 30 min, 1 h or 7 d",
            isRequired: isRequired
        )
    }

    /// A share such as `5 %`, in 0...1.
    public mutating func percent(
        _ key: String,
        in range: ClosedRange<Double>,
        isRequired: Bool = false
    ) -> Double? {
        quantity(
            key,
            units: [.percent],
            in: range,
            expected:
                "a percentage in \(shown(range.lowerBound * 100))...\(shown(range.upperBound * 100)), such as 5 %",
            isRequired: isRequired
        )
    }

    /// A number without a unit.
    public mutating func number(_ key: String, in range: ClosedRange<Double>, isRequired: Bool = false) -> Double? {
        quantity(
            key,
            units: [.none],
            in: range,
            expected: "a number in \(shown(range.lowerBound))...\(shown(range.upperBound)), without a unit",
            isRequired: isRequired
        )
    }

    /// The elements of a list.
    public mutating func list(_ key: String, isRequired: Bool = false) -> [YAMLNode]? {
        guard let node = node(key, isRequired: isRequired) else { return nil }
        guard case .sequence(let elements) = node.value else {
            problems.append(wrongKind(key, "a list", node))
            return nil
        }
        return elements
    }

    /// The elements of a list of texts, each turned into something by `make`; nil when any of them is wrong.
    public mutating func values<Value>(
        _ key: String,
        isRequired: Bool = false,
        expected: String,
        make: (String) -> Value?
    ) -> [Value]? {
        guard let elements = list(key, isRequired: isRequired) else { return nil }
        let made = elements.map { value(of: $0, key: key, expected: expected, make: make) }
        return made.contains { $0 == nil } ? nil : made.compactMap { $0 }
    }

    /// The elements of a list of words of an enumeration; nil when any of them is wrong.
    public mutating func choices<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        isRequired: Bool = false,
        as type: Choice.Type = Choice.self
    ) -> [Choice]? {
        guard let elements = list(key, isRequired: isRequired) else { return nil }
        let made = elements.map { choice(of: $0, key: key, as: type) }
        return made.contains { $0 == nil } ? nil : made.compactMap { $0 }
    }

    /// A mapping read by `read`, which gets a reader of its own; unknown keys of it are reported.
    public mutating func mapping<Value>(
        _ key: String,
        isRequired: Bool = false,
        owner: String? = nil,
        read: (inout MappingReader) -> Value?
    ) -> Value? {
        guard let node = node(key, isRequired: isRequired) else { return nil }
        return nested(node, owner: owner ?? "\"\(key)\" of \(self.owner)", read: read)
    }

    /// The elements of a list of mappings, each read by `read`; nil when any of them is wrong.
    public mutating func mappings<Value>(
        _ key: String,
        isRequired: Bool = false,
        owner: (Int) -> String,
        read: (inout MappingReader) -> Value?
    ) -> [Value]? {
        guard let elements = list(key, isRequired: isRequired) else { return nil }
        let made = elements.enumerated().map { nested($1, owner: owner($0 + 1), read: read) }
        return made.contains { $0 == nil } ? nil : made.compactMap { $0 }
    }

    /// The keys and mappings of a mapping of mappings, each read by `read`; nil when any of them is wrong.
    public mutating func named<Value>(
        _ key: String,
        isRequired: Bool = false,
        owner: (String) -> String,
        read: (String, inout MappingReader) -> Value?
    ) -> [Value]? {
        guard let node = node(key, isRequired: isRequired) else { return nil }
        guard case .mapping(let entries) = node.value else {
            problems.append(wrongKind(key, "a mapping", node))
            return nil
        }
        let made = entries.map { entry in nested(entry.value, owner: owner(entry.key)) { read(entry.key, &$0) } }
        return made.contains { $0 == nil } ? nil : made.compactMap { $0 }
    }

    private mutating func entry(_ key: String) -> YAMLNode.Entry? {
        allow([key])
        return entries.first { $0.key == key }
    }

    private mutating func nested<Value>(
        _ node: YAMLNode,
        owner: String,
        read: (inout MappingReader) -> Value?
    ) -> Value? {
        var reader = MappingReader(node, owner: owner)
        guard reader.isClean else {
            problems += reader.problems
            return nil
        }
        let value = read(&reader)
        let found = reader.finish()
        problems += found
        return found.isEmpty ? value : nil
    }

    private mutating func plain<Value>(
        _ key: String,
        isRequired: Bool,
        expected: String,
        make: (String) -> Value?
    ) -> Value? {
        guard let node = node(key, isRequired: isRequired) else { return nil }
        if case .scalar(let text, isQuoted: true) = node.value {
            problems.append(
                .badValue(text, key: key, of: owner, expected: expected + ", without quotes", node.position)
            )
            return nil
        }
        return value(of: node, key: key, expected: expected, make: make)
    }

    private mutating func value<Value>(
        of node: YAMLNode,
        key: String,
        expected: String,
        make: (String) -> Value?
    ) -> Value? {
        guard let text = node.text else {
            problems.append(wrongKind(key, expected, node))
            return nil
        }
        guard let value = make(text) else {
            problems.append(.badValue(text, key: key, of: owner, expected: expected, node.position))
            return nil
        }
        return value
    }

    private mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        of node: YAMLNode,
        key: String,
        as type: Choice.Type
    ) -> Choice? {
        let words = Choice.allCases.map(\.rawValue)
        guard let text = node.text else {
            problems.append(wrongKind(key, "one of \(words.joined(separator: ", "))", node))
            return nil
        }
        guard let choice = Choice(rawValue: text) else {
            let near = NearName.nearest(to: text, in: words)
            problems.append(.unknownWord(text, key: key, of: owner, near: near, known: words, node.position))
            return nil
        }
        return choice
    }

    private func wrongKind(_ key: String, _ expected: String, _ node: YAMLNode) -> StrictYAMLError {
        .wrongKind(key: key, of: owner, expected: expected, found: node.kindInWords, node.position)
    }

    private func shown(_ number: Double) -> String {
        Int64(exactly: number.rounded()).flatMap { Double($0) == number ? String($0) : nil } ?? String(number)
    }
}
