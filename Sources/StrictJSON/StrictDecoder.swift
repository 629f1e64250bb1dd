import Foundation

/// Reads a `Decodable` from a JSON text that was taken apart by the strict reader.
struct StrictDecoder: Decoder {
    private let node: JSONNode
    private let path: CodingPath?
    /// Where it is noted which members were asked for; nil when nobody wants to know.
    private let asked: AskedMembers?

    fileprivate init(_ node: JSONNode, _ path: CodingPath?, _ asked: AskedMembers?) {
        self.node = node
        self.path = path
        self.asked = asked
    }

    /// The value that `node` holds.
    static func decode<Value: Decodable>(
        _ type: Value.Type,
        from node: JSONNode,
        noting asked: AskedMembers? = nil
    ) throws -> Value {
        try StrictDecoder(node, nil, asked).value(type)
    }

    // MARK: What a value reads from

    var userInfo: [CodingUserInfoKey: Any] { [:] }
    var codingPath: [any CodingKey] { path?.keys ?? [] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = node else { throw mismatch([String: Any].self, "an object") }
        asked?.open(path, members)
        return KeyedDecodingContainer(StrictMembers(members: members, path: path, asked: asked))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = node else { throw mismatch([Any].self, "an array") }
        return StrictElements(elements: elements, path: path, asked: asked)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    // MARK: Values

    fileprivate func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard type == Data.self else { return try Value(from: self) }
        guard let data = Data(base64Encoded: try decode(String.self)) as? Value else {
            throw mismatch(type, "bytes in Base64")
        }
        return data
    }

    private func whole<Whole: FixedWidthInteger>(_ type: Whole.Type) throws -> Whole {
        let value: Whole? =
            switch node {
            case .integer(let value): Whole(exactly: value)
            case .unsigned(let value): Whole(exactly: value)
            case .number(let value): Whole(exactly: value)
            case .string(let digits): Self.large(digits)
            default: nil
            }
        guard let value else { throw mismatch(type, "a whole number that \(type) holds") }
        return value
    }

    /// A whole number that is a text because double precision does not hold it.
    private static func large<Whole: FixedWidthInteger>(_ digits: String) -> Whole? {
        guard let value = Whole(digits), value.magnitude > CanonicalNumber.largestExact, String(value) == digits else {
            return nil
        }
        return value
    }

    private func mismatch(_ type: Any.Type, _ wanted: String) -> DecodingError {
        let context = DecodingError.Context(
            codingPath: codingPath,
            debugDescription: "there is \(node.words), and \(wanted) is wanted"
        )
        if case .null = node { return .valueNotFound(type, context) }
        return .typeMismatch(type, context)
    }
}

extension StrictDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { if case .null = node { true } else { false } }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard case .bool(let value) = node else { throw mismatch(type, "true or false") }
        return value
    }

    func decode(_ type: String.Type) throws -> String {
        guard case .string(let value) = node else { throw mismatch(type, "a text") }
        return value
    }

    func decode(_ type: Double.Type) throws -> Double {
        switch node {
        case .integer(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .number(let value): value
        default: throw mismatch(type, "a number")
        }
    }

    func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
    func decode<Whole: FixedWidthInteger & Decodable>(_ type: Whole.Type) throws -> Whole { try whole(type) }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try value(type) }
}

extension JSONNode {
    /// What it is, for an error.
    fileprivate var words: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .integer, .unsigned, .number: "a number"
        case .string: "a text"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// The key of an element of an array, from 0 on, or of the value that an object keeps for a class's parent.
private struct PlaceKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ index: Int) { (stringValue, intValue) = ("\(index)", index) }
    init(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }
    init?(intValue: Int) { self.init(intValue) }
}

// MARK: Containers

private struct StrictMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: [String: JSONNode]
    let path: CodingPath?
    let asked: AskedMembers?

    var codingPath: [any CodingKey] { path?.keys ?? [] }
    var allKeys: [Key] { members.keys.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool {
        asked?.ask(key.stringValue, of: path)
        return members[key.stringValue] != nil
    }

    private func member(_ key: any CodingKey) throws -> StrictDecoder {
        asked?.ask(key.stringValue, of: path)
        guard let node = members[key.stringValue] else {
            throw DecodingError.keyNotFound(
                key,
                .init(codingPath: codingPath, debugDescription: "\"\(key.stringValue)\" is missing")
            )
        }
        return StrictDecoder(node, CodingPath(key, in: path), asked)
    }

    func decodeNil(forKey key: Key) throws -> Bool { try member(key).decodeNil() }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try member(key).decode(type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try member(key).decode(type) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try member(key).decode(type) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try member(key).decode(type) }
    func decode<Whole: FixedWidthInteger & Decodable>(_ type: Whole.Type, forKey key: Key) throws -> Whole {
        try member(key).decode(type)
    }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try member(key).value(type) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try member(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try member(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try member(PlaceKey(stringValue: "super")) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try member(key) }
}

private struct StrictElements: UnkeyedDecodingContainer {
    let elements: [JSONNode]
    let path: CodingPath?
    let asked: AskedMembers?
    private(set) var currentIndex = 0

    init(elements: [JSONNode], path: CodingPath?, asked: AskedMembers?) {
        self.elements = elements
        self.path = path
        self.asked = asked
    }

    var codingPath: [any CodingKey] { path?.keys ?? [] }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    /// Reads the next element; it counts as read only when it could be.
    private mutating func next<Value>(_ type: Value.Type, _ read: (StrictDecoder) throws -> Value) throws -> Value {
        let place = CodingPath(PlaceKey(currentIndex), in: path)
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(
                type,
                .init(codingPath: place.keys, debugDescription: "the array ends before it")
            )
        }
        let value = try read(StrictDecoder(elements[currentIndex], place, asked))
        currentIndex += 1
        return value
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd else { return try next(Never?.self) { _ in nil } == nil }
        guard case .null = elements[currentIndex] else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try next(type) { try $0.decode(type) } }
    mutating func decode(_ type: String.Type) throws -> String { try next(type) { try $0.decode(type) } }
    mutating func decode(_ type: Double.Type) throws -> Double { try next(type) { try $0.decode(type) } }
    mutating func decode(_ type: Float.Type) throws -> Float { try next(type) { try $0.decode(type) } }
    mutating func decode<Whole: FixedWidthInteger & Decodable>(_ type: Whole.Type) throws -> Whole {
        try next(type) { try $0.decode(type) }
    }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next(type) { try $0.value(type) } }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try next(KeyedDecodingContainer<Nested>.self) { try $0.container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try next((any UnkeyedDecodingContainer).self) { try $0.unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder { try next((any Decoder).self) { $0 } }
}
