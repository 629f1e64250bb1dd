/// Values by text, in the order in which the keys were first put in, as a Python dictionary keeps them.
public struct TemplateMapping: Sendable {
    /// A key with its value.
    public struct Entry: Sendable {
        /// The key; the digits of one that is a whole number.
        let key: TemplateText
        /// The key as a number, when it is one. Templates use such keys in tables of their own.
        let number: Int?
        fileprivate(set) var value: TemplateValue

        /// The key as a value.
        var keyValue: TemplateValue { number.map { .integer($0) } ?? .text(key) }
    }

    /// Fewer keys than this are found by looking at each.
    private static let indexed = 12

    private(set) var entries: [Entry] = []
    private var places: [TemplateKey: Int] = [:]
    private var placesOfNumbers: [Int: Int] = [:]
    private(set) var depth = 1

    /// Without members.
    public init() {}

    /// How many members there are.
    public var count: Int { entries.count }

    /// The value of a key; nil when there is none.
    public subscript(key: String) -> TemplateValue? { place(of: key).map { entries[$0].value } }

    private func place(of key: String) -> Int? {
        if entries.count >= Self.indexed { return places[TemplateKey(string: key)] }
        return entries.firstIndex { $0.number == nil && TemplateText.isSame($0.key.string, key) }
    }

    /// The value of a key that is a whole number.
    subscript(number number: Int) -> TemplateValue? { placesOfNumbers[number].map { entries[$0].value } }

    /// Gives `key` a value; a new key comes last.
    mutating func set(_ key: TemplateText, to value: TemplateValue) {
        set(Entry(key: key, number: nil, value: value), at: place(of: key.string))
    }

    /// Gives a key that is a whole number a value.
    mutating func set(number: Int, to value: TemplateValue) {
        let place = placesOfNumbers[number]
        set(Entry(key: TemplateText(String(number)), number: number, value: value), at: place)
    }

    private mutating func set(_ entry: Entry, at place: Int?) {
        depth = max(depth, 1 + entry.value.depth)
        if let place {
            entries[place].value = entry.value
            return
        }
        entries.append(entry)
        if let number = entry.number {
            placesOfNumbers[number] = entries.count - 1
        }
        if entries.count == Self.indexed {
            index()
        } else if entries.count > Self.indexed, entry.number == nil {
            places[TemplateKey(string: entry.key.string)] = entries.count - 1
        }
    }

    private mutating func index() {
        (places, placesOfNumbers) = ([:], [:])
        for (place, entry) in entries.enumerated() {
            if let number = entry.number {
                placesOfNumbers[number] = place
            } else {
                places[TemplateKey(string: entry.key.string)] = place
            }
        }
    }

    /// The value of a key of any kind; nil when there is none.
    func value(of key: TemplateValue) -> TemplateValue? {
        switch key {
        case .text(let text): return self[text.string]
        case .bool, .integer, .real:
            if case .integer(let number)? = PythonOrder.Number(key) { return self[number: number] }
            return nil
        case .undefined, .none, .list, .mapping, .handle: return nil
        }
    }

    /// Gives a key of any kind a value.
    ///
    /// - Returns: Whether it can be a key here: a text or a whole number.
    @discardableResult
    mutating func set(key: TemplateValue, to value: TemplateValue) -> Bool {
        switch key {
        case .text(let text): set(text, to: value)
        case .integer(let number): set(number: number, to: value)
        case .undefined, .none, .bool, .real, .list, .mapping, .handle: return false
        }
        return true
    }

    /// Takes a key out; nil when there is none.
    mutating func remove(_ key: String) -> TemplateValue? {
        guard let place = place(of: key) else { return nil }
        let removed = entries.remove(at: place)
        if entries.count >= Self.indexed || !placesOfNumbers.isEmpty { index() }
        return removed.value
    }

    /// Gives `key`, as the conversation wrote it, a value; a new key comes last.
    public mutating func set(conversation key: String, to value: TemplateValue) {
        set(TemplateText(key, .conversation), to: value)
    }
}

/// A text as a key, compared by its bytes: strings that only look alike are different keys.
struct TemplateKey: Hashable, Sendable {
    let string: String

    static func == (left: TemplateKey, right: TemplateKey) -> Bool { TemplateText.isSame(left.string, right.string) }

    func hash(into hasher: inout Hasher) {
        for byte in string.utf8 { hasher.combine(byte) }
        hasher.combine(string.utf8.count)
    }
}
