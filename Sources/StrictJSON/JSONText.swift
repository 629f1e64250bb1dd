/// Reads JSON exactly as RFC 8259 says and refuses what others let through: duplicate keys, numbers that overflow,
/// lone surrogates, anything after the value.
public enum JSONText {
    /// The deepest nesting of arrays and objects that is read.
    public static let maximumDepth = 64

    /// The value that `text` holds.
    ///
    /// - Throws: ``JSONTextError`` with the place of the first byte that cannot be read.
    public static func parse(_ text: String) throws(JSONTextError) -> JSONValue {
        var reader = JSONTextReader(bytes: Array(text.utf8))
        return try reader.whole()
    }
}

private struct JSONTextReader {
    let bytes: [UInt8]
    var index = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func whole() throws(JSONTextError) -> JSONValue {
        let result = try value(depth: 0)
        skipBlanks()
        guard index == bytes.count else { throw .trailing(offset: index) }
        return result
    }

    private mutating func skipBlanks() {
        while index < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[index]) { index += 1 }
    }

    /// The next byte that is not a blank, without taking it.
    private mutating func peek() throws(JSONTextError) -> UInt8 {
        skipBlanks()
        guard index < bytes.count else { throw .endsEarly }
        return bytes[index]
    }

    private mutating func value(depth: Int) throws(JSONTextError) -> JSONValue {
        switch try peek() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return try .string(string())
        case UInt8(ascii: "-"), 0x30...0x39: return try .number(number())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw .unexpected(offset: index)
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONTextError) -> JSONValue {
        for byte in word.utf8 {
            guard index < bytes.count else { throw .endsEarly }
            guard bytes[index] == byte else { throw .unexpected(offset: index) }
            index += 1
        }
        return value
    }

    private mutating func object(depth: Int) throws(JSONTextError) -> JSONValue {
        guard depth < JSONText.maximumDepth else { throw .tooDeep(offset: index) }
        index += 1
        var members: [String: JSONValue] = [:]
        if try peek() == UInt8(ascii: "}") {
            index += 1
            return .object(members)
        }
        while true {
            guard try peek() == UInt8(ascii: "\"") else { throw .unexpected(offset: index) }
            let key = try string()
            guard try peek() == UInt8(ascii: ":") else { throw .unexpected(offset: index) }
            index += 1
            guard members.updateValue(try value(depth: depth + 1), forKey: key) == nil else { throw .duplicateKey(key) }
            if try endsAfterElement(with: UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(JSONTextError) -> JSONValue {
        guard depth < JSONText.maximumDepth else { throw .tooDeep(offset: index) }
        index += 1
        var elements: [JSONValue] = []
        if try peek() == UInt8(ascii: "]") {
            index += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(depth: depth + 1))
            if try endsAfterElement(with: UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    private mutating func endsAfterElement(with close: UInt8) throws(JSONTextError) -> Bool {
        let byte = try peek()
        guard byte == close || byte == UInt8(ascii: ",") else { throw .unexpected(offset: index) }
        index += 1
        return byte == close
    }

    private mutating func number() throws(JSONTextError) -> Double {
        let start = index
        func isDigit(_ at: Int) -> Bool { at < bytes.count && (0x30...0x39).contains(bytes[at]) }
        func digits() throws(JSONTextError) {
            guard isDigit(index) else { throw .badNumber(offset: start) }
            while isDigit(index) { index += 1 }
        }
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        if index < bytes.count, bytes[index] == 0x30, isDigit(index + 1) { throw .badNumber(offset: start) }
        try digits()
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            try digits()
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            try digits()
        }
        guard let value = Double(String(decoding: bytes[start..<index], as: UTF8.self)), value.isFinite else {
            throw .badNumber(offset: start)
        }
        return value
    }

    private mutating func string() throws(JSONTextError) -> String {
        let start = index
        index += 1
        var text: [UInt8] = []
        while true {
            guard index < bytes.count else { throw .endsEarly }
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text, start: start)
            case 0..<0x20: throw .badString(offset: start)
            default: text.append(byte)
            }
        }
    }

    private mutating func escape(into text: inout [UInt8], start: Int) throws(JSONTextError) {
        guard index < bytes.count else { throw .endsEarly }
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
            var code = try fourHexDigits(start: start)
            if (0xd800..<0xdc00).contains(code) {
                guard index + 1 < bytes.count else { throw .endsEarly }
                guard bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
                    throw .badString(offset: start)
                }
                index += 2
                let low = try fourHexDigits(start: start)
                guard (0xdc00..<0xe000).contains(low) else { throw .badString(offset: start) }
                code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw .badString(offset: start) }
            text.append(contentsOf: Character(scalar).utf8)
        default: throw .badString(offset: start)
        }
    }

    private mutating func fourHexDigits(start: Int) throws(JSONTextError) -> UInt32 {
        guard index + 4 <= bytes.count else { throw .endsEarly }
        var code: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw .badString(offset: start) }
            code = code << 4 | UInt32(digit)
        }
        index += 4
        return code
    }
}
