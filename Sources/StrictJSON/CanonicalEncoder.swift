import Foundation

/// Writes an `Encodable` in the canonical form of RFC 8785: first a tree, as members come in any order, then its bytes.
final class CanonicalEncoder: Encoder {
    /// A part of the tree: a value that is known, or the place of one that is still being written.
    fileprivate enum Part {
        case leaf(JSONNode)
        case place(CanonicalEncoder)
    }

    private enum Content {
        case nothing
        case leaf(JSONNode)
        case array
        case object
    }

    private var content = Content.nothing
    fileprivate var elements: [Part] = []
    /// In the order in which they were written; of equal keys the last one counts.
    fileprivate var members: [(key: String, value: Part)] = []
    /// Not the place above: it holds this one, and neither would ever be freed.
    private let path: CodingPath?

    private init(path: CodingPath?) { self.path = path }

    /// The place of a value below this one.
    fileprivate func place(_ key: (any CodingKey)? = nil) -> CanonicalEncoder {
        CanonicalEncoder(path: key.map { CodingPath($0, in: path) } ?? path)
    }

    /// The canonical text of `value`.
    ///
    /// - Parameter holdsLargeNumbers: Whole numbers beyond ±2^53 stay numbers, for readers that are known to hold them.
    static func text(of value: some Encodable, holdsLargeNumbers: Bool = false) throws -> CanonicalText {
        let root = CanonicalEncoder(path: nil)
        let part = try root.part(of: value, key: nil)
        var text = CanonicalText(holdsLargeNumbers: holdsLargeNumbers)
        part.append(to: &text)
        return text
    }

    // MARK: What a value writes into

    var userInfo: [CodingUserInfoKey: Any] { [:] }
    var codingPath: [any CodingKey] { path?.keys ?? [] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        content = .object
        return KeyedEncodingContainer(CanonicalMembers(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        content = .array
        return CanonicalElements(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { CanonicalSingleValue(encoder: self) }

    // MARK: Values

    /// The part of the tree that `value` becomes below this place.
    fileprivate func part<Value: Encodable>(of value: Value, key: (any CodingKey)?) throws -> Part {
        // Foundation's own types write themselves for no format; Base64 is what JSON has for bytes. Asked of the type
        // first, which costs nothing.
        if Value.self == Data.self, let data = value as? Data { return .leaf(.string(data.base64EncodedString())) }
        let place = self.place(key)
        try value.encode(to: place)
        switch place.content {
        case .nothing:
            throw EncodingError.invalidValue(
                value,
                .init(codingPath: place.codingPath, debugDescription: "it wrote nothing")
            )
        case .leaf(let node): return .leaf(node)
        case .array, .object: return .place(place)
        }
    }

    fileprivate func number(_ value: Double, key: (any CodingKey)?) throws -> Part {
        guard value.isFinite else {
            throw EncodingError.invalidValue(
                value,
                .init(
                    codingPath: codingPath + (key.map { [$0] } ?? []),
                    debugDescription: "JSON has no number for \(value)"
                )
            )
        }
        return .leaf(.number(value))
    }

    fileprivate func take(_ part: Part) {
        switch part {
        case .leaf(let node): content = .leaf(node)
        case .place(let place): (content, elements, members) = (place.content, place.elements, place.members)
        }
    }

    // MARK: Bytes

    fileprivate func append(to text: inout CanonicalText) {
        switch content {
        case .leaf(let node): Part.leaf(node).append(to: &text)
        case .array:
            text.bytes.append(0x5b)
            for (index, element) in elements.enumerated() {
                if index > 0 { text.bytes.append(0x2c) }
                element.append(to: &text)
            }
            text.bytes.append(0x5d)
        case .nothing, .object:
            text.bytes.append(0x7b)
            // Swift's sort keeps the order of equal keys, of which the last one is written.
            let sorted = members.sorted { CanonicalText.precedes($0.key, $1.key) }
            var isFirst = true
            for (index, member) in sorted.enumerated() {
                if index + 1 < sorted.count, sorted[index + 1].key.utf8.elementsEqual(member.key.utf8) { continue }
                if !isFirst { text.bytes.append(0x2c) }
                isFirst = false
                text.append(member.key)
                text.bytes.append(0x3a)
                member.value.append(to: &text)
            }
            text.bytes.append(0x7d)
        }
    }
}

extension CanonicalEncoder.Part {
    fileprivate static func whole<Whole: FixedWidthInteger>(_ value: Whole) -> Self {
        if let small = Int64(exactly: value) { return .leaf(.integer(small)) }
        return UInt64(exactly: value).map { .leaf(.unsigned($0)) } ?? .leaf(.string(String(value)))
    }

    fileprivate func append(to text: inout CanonicalText) {
        switch self {
        case .place(let place): place.append(to: &text)
        case .leaf(.null): text.bytes.append(contentsOf: "null".utf8)
        case .leaf(.bool(let value)): text.bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .leaf(.integer(let value)): append(value, to: &text)
        case .leaf(.unsigned(let value)): append(value, to: &text)
        case .leaf(.number(let value)):
            text.isAlikeInAllForms = false
            CanonicalNumber.append(value, to: &text.bytes)
        case .leaf(.string(let value)): text.append(value)
        case .leaf(.array), .leaf(.object): break  // these are places
        }
    }

    private func append(_ value: some FixedWidthInteger, to text: inout CanonicalText) {
        let digits = String(value)
        if value.magnitude > CanonicalNumber.largestExact, !text.holdsLargeNumbers {
            text.isAlikeInAllForms = false
            text.append(digits)
        } else {
            text.bytes.append(contentsOf: digits.utf8)
        }
    }
}

/// What was written so far. Strings have the fewest escapes: those that JSON demands, in their short form where there is
/// one.
struct CanonicalText {
    fileprivate(set) var bytes: [UInt8] = []
    /// Whether every form of ``CanonicalJSON`` has these bytes: they hold nothing that forms write in different ways, which
    /// are numbers that are not whole or are large, and texts with anything but plain ASCII.
    fileprivate(set) var isAlikeInAllForms = true

    fileprivate let holdsLargeNumbers: Bool

    fileprivate init(holdsLargeNumbers: Bool) {
        self.holdsLargeNumbers = holdsLargeNumbers
        bytes.reserveCapacity(512)
    }

    /// Whether `left` comes first in the order of UTF-16 code units. It is the order of UTF-8 bytes but for one thing:
    /// the lead bytes EE and EF (U+E000 to U+FFFF) come after F0 to F4, whose scalars are surrogates in UTF-16.
    fileprivate static func precedes(_ left: String, _ right: String) -> Bool {
        func rank(_ byte: UInt8) -> UInt8 { byte == 0xee || byte == 0xef ? byte + 0x10 : byte }
        return left.utf8.lexicographicallyPrecedes(right.utf8) { rank($0) < rank($1) }
    }

    fileprivate mutating func append(_ text: String) {
        var text = text
        bytes.append(0x22)
        text.withUTF8 { utf8 in
            var run = 0
            for (index, byte) in utf8.enumerated() {
                if byte >= 0x7f { isAlikeInAllForms = false }
                guard byte < 0x20 || byte == 0x22 || byte == 0x5c else { continue }
                isAlikeInAllForms = false
                bytes.append(contentsOf: utf8[run..<index])
                Self.appendEscape(byte, to: &bytes)
                run = index + 1
            }
            bytes.append(contentsOf: utf8[run...])
        }
        bytes.append(0x22)
    }

    private static func appendEscape(_ byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(0x5c)
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0a: bytes.append(UInt8(ascii: "n"))
        case 0x0c: bytes.append(UInt8(ascii: "f"))
        case 0x0d: bytes.append(UInt8(ascii: "r"))
        case 0..<0x20:
            let digits = StaticString("0123456789abcdef")
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(digits.utf8Start[Int(byte >> 4)])
            bytes.append(digits.utf8Start[Int(byte & 15)])
        default: bytes.append(byte)
        }
    }
}

// MARK: Containers

private struct CanonicalMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: CanonicalEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }

    private func set(_ part: CanonicalEncoder.Part, _ key: Key) { encoder.members.append((key.stringValue, part)) }

    mutating func encodeNil(forKey key: Key) { set(.leaf(.null), key) }
    mutating func encode(_ value: Bool, forKey key: Key) { set(.leaf(.bool(value)), key) }
    mutating func encode(_ value: String, forKey key: Key) { set(.leaf(.string(value)), key) }
    mutating func encode(_ value: Double, forKey key: Key) throws { set(try encoder.number(value, key: key), key) }
    mutating func encode(_ value: Float, forKey key: Key) throws {
        set(try encoder.number(Double(value), key: key), key)
    }
    mutating func encode(_ value: some FixedWidthInteger & Encodable, forKey key: Key) { set(.whole(value), key) }
    mutating func encode(_ value: some Encodable, forKey key: Key) throws {
        set(try encoder.part(of: value, key: key), key)
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        place(key).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        place(key).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder {
        let place = encoder.place()
        encoder.members.append(("super", .place(place)))
        return place
    }

    mutating func superEncoder(forKey key: Key) -> any Encoder { place(key) }

    private func place(_ key: Key) -> CanonicalEncoder {
        let place = encoder.place(key)
        set(.place(place), key)
        return place
    }
}

private struct CanonicalElements: UnkeyedEncodingContainer {
    let encoder: CanonicalEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { encoder.elements.count }

    private func add(_ part: CanonicalEncoder.Part) { encoder.elements.append(part) }

    mutating func encodeNil() { add(.leaf(.null)) }
    mutating func encode(_ value: Bool) { add(.leaf(.bool(value))) }
    mutating func encode(_ value: String) { add(.leaf(.string(value))) }
    mutating func encode(_ value: Double) throws { add(try encoder.number(value, key: nil)) }
    mutating func encode(_ value: Float) throws { add(try encoder.number(Double(value), key: nil)) }
    mutating func encode(_ value: some FixedWidthInteger & Encodable) { add(.whole(value)) }
    mutating func encode(_ value: some Encodable) throws { add(try encoder.part(of: value, key: nil)) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        place().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { place().unkeyedContainer() }

    mutating func superEncoder() -> any Encoder { place() }

    private func place() -> CanonicalEncoder {
        let place = encoder.place()
        add(.place(place))
        return place
    }
}

private struct CanonicalSingleValue: SingleValueEncodingContainer {
    let encoder: CanonicalEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }

    mutating func encodeNil() { encoder.take(.leaf(.null)) }
    mutating func encode(_ value: Bool) { encoder.take(.leaf(.bool(value))) }
    mutating func encode(_ value: String) { encoder.take(.leaf(.string(value))) }
    mutating func encode(_ value: Double) throws { encoder.take(try encoder.number(value, key: nil)) }
    mutating func encode(_ value: Float) throws { encoder.take(try encoder.number(Double(value), key: nil)) }
    mutating func encode(_ value: some FixedWidthInteger & Encodable) { encoder.take(.whole(value)) }
    mutating func encode(_ value: some Encodable) throws { encoder.take(try encoder.part(of: value, key: nil)) }
}
