extension TemplateValue {
    /// Reads JSON with the order of its keys; its texts count as the conversation's.
    ///
    /// Exactly RFC 8259, and more is refused: duplicate keys, numbers that overflow, lone surrogates, nesting beyond
    /// `maximumDepth`, anything after the value.
    ///
    /// - Returns: Nil when the text is not such JSON.
    public init?(json: String, maximumDepth: Int = 64) {
        var reader = TemplateJSONReader(bytes: Array(json.utf8), maximumDepth: maximumDepth)
        guard let value = reader.whole() else { return nil }
        self = value
    }
}

extension TemplateValue {
    /// The value as JSON in one line, with the order of its keys; nil when it is too large, or no JSON.
    public var json: String? {
        var meter = TemplateMeter(TemplateLimits())
        return try? TemplateJSON().text(self, &meter).string
    }
}

/// Takes a JSON text apart from the front.
struct TemplateJSONReader {
    let bytes: [UInt8]
    let maximumDepth: Int
    private var index = 0

    init(bytes: [UInt8], maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    mutating func whole() -> TemplateValue? {
        guard let result = value(depth: 0) else { return nil }
        skipBlanks()
        return index == bytes.count ? result : nil
    }

    /// The value that begins at `offset`, and where it ends.
    static func first(in bytes: [UInt8], from offset: Int, maximumDepth: Int) -> (value: TemplateValue, end: Int)? {
        var reader = TemplateJSONReader(bytes: bytes, maximumDepth: maximumDepth)
        reader.index = offset
        return reader.value(depth: 0).map { ($0, reader.index) }
    }

    private mutating func skipBlanks() {
        while index < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[index]) { index += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func word(_ word: String, _ value: TemplateValue) -> TemplateValue? {
        guard bytes[index...].starts(with: word.utf8) else { return nil }
        index += word.utf8.count
        return value
    }

    private mutating func value(depth: Int) -> TemplateValue? {
        skipBlanks()
        guard index < bytes.count else { return nil }
        switch bytes[index] {
        case UInt8(ascii: "{"): return depth < maximumDepth ? object(depth: depth) : nil
        case UInt8(ascii: "["): return depth < maximumDepth ? array(depth: depth) : nil
        case UInt8(ascii: "\""): return string().map { .conversation($0) }
        case UInt8(ascii: "-"), 0x30...0x39: return number()
        case UInt8(ascii: "t"): return word("true", .bool(true))
        case UInt8(ascii: "f"): return word("false", .bool(false))
        case UInt8(ascii: "n"): return word("null", .none)
        default: return nil
        }
    }

    private mutating func object(depth: Int) -> TemplateValue? {
        index += 1
        var mapping = TemplateMapping()
        if take(UInt8(ascii: "}")) { return .mapping(mapping) }
        while true {
            skipBlanks()
            guard index < bytes.count, bytes[index] == 0x22, let key = string(), take(UInt8(ascii: ":")),
                let value = value(depth: depth + 1), mapping[key] == nil
            else { return nil }
            mapping.set(conversation: key, to: value)
            if take(UInt8(ascii: "}")) { return .mapping(mapping) }
            guard take(UInt8(ascii: ",")) else { return nil }
        }
    }

    private mutating func array(depth: Int) -> TemplateValue? {
        index += 1
        var elements: [TemplateValue] = []
        if take(UInt8(ascii: "]")) { return .list(elements) }
        while true {
            guard let value = value(depth: depth + 1) else { return nil }
            elements.append(value)
            if take(UInt8(ascii: "]")) { return .list(elements) }
            guard take(UInt8(ascii: ",")) else { return nil }
        }
    }

    private mutating func digits() -> Bool {
        let start = index
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
        return index > start
    }

    private mutating func number() -> TemplateValue? {
        let start = index
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        let first = index
        guard digits(), !(bytes[first] == 0x30 && index > first + 1) else { return nil }
        var isWhole = true
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            isWhole = false
            index += 1
            guard digits() else { return nil }
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            index += 1
            if index < bytes.count, bytes[index] == 0x2b || bytes[index] == 0x2d { index += 1 }
            guard digits() else { return nil }
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole { return Int(text).map { .integer($0) } }
        guard let value = Double(text), value.isFinite else { return nil }
        return .real(value)
    }

    private mutating func string() -> String? {
        index += 1
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case 0x22: return String(decoding: text, as: UTF8.self)
            case 0..<0x20: return nil
            case 0x5c: guard escape(into: &text) else { return nil }
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func escape(into text: inout [UInt8]) -> Bool {
        guard index < bytes.count else { return false }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            guard var code = fourDigits() else { return false }
            if (0xd800..<0xdc00).contains(code) {
                guard index + 1 < bytes.count, bytes[index] == 0x5c, bytes[index + 1] == UInt8(ascii: "u") else {
                    return false
                }
                index += 2
                guard let low = fourDigits(), (0xdc00..<0xe000).contains(low) else { return false }
                code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
            }
            guard let scalar = Unicode.Scalar(code) else { return false }
            text.append(contentsOf: String(scalar).utf8)
        default: return false
        }
        return true
    }

    private mutating func fourDigits() -> UInt32? {
        guard index + 4 <= bytes.count else { return nil }
        var code: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            code = code << 4 | UInt32(digit)
        }
        index += 4
        return code
    }
}
