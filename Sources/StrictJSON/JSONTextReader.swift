/// A value without parts, as it stands in a text: every 64-bit whole number is kept.
package enum JSONLeaf {
    case null
    case bool(Bool)
    case integer(Int64)
    /// Above the largest `Int64`.
    case unsigned(UInt64)
    /// Any other number; whole where it has neither fraction nor exponent.
    case number(Double, isWhole: Bool)
    case string(String)
}

/// What a ``JSONTextReader`` makes of a text.
package protocol JSONTree {
    /// The members of an object while they are read.
    associatedtype Members
    /// An object without members.
    static var noMembers: Members { get }
    /// Adds a member; false when there is one of that name.
    static func add(_ value: Self, _ key: String, to members: inout Members) -> Bool
    static func object(_ members: Members) -> Self
    static func array(_ elements: [Self]) -> Self
    init(_ leaf: JSONLeaf)
}

/// Takes a text apart from the front, byte by byte.
package struct JSONTextReader<Tree: JSONTree> {
    private let bytes: [UInt8]
    private let maximumDepth: Int
    /// The next byte.
    package private(set) var index: Int

    /// A reader that begins at `start`.
    package init(_ bytes: [UInt8], from start: Int = 0, maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        index = start
    }

    /// The value that the text is, with nothing after it.
    package mutating func whole() throws(JSONTextError) -> Tree {
        let result = try first()
        skipBlanks()
        guard index == bytes.count else { throw .trailing(offset: index) }
        return result
    }

    /// The next value; ``index`` is after it then.
    package mutating func first() throws(JSONTextError) -> Tree { try value(depth: 0) }

    /// A member of the object that the text is, as it is written.
    mutating func member(_ name: String) throws(JSONTextError) -> String? {
        guard try peek() == UInt8(ascii: "{") else { throw .unexpected(offset: index) }
        index += 1
        guard try peek() != UInt8(ascii: "}") else { return nil }
        while true {
            guard try peek() == UInt8(ascii: "\"") else { throw .unexpected(offset: index) }
            let key = try string()
            guard try peek() == UInt8(ascii: ":") else { throw .unexpected(offset: index) }
            index += 1
            _ = try peek()
            let start = index
            _ = try value(depth: 1)
            // Names are the same when their bytes are.
            if key.utf8.elementsEqual(name.utf8) { return String(decoding: bytes[start..<index], as: UTF8.self) }
            if try endsAfterElement(with: UInt8(ascii: "}")) { return nil }
        }
    }

    private mutating func skipBlanks() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0a, 0x0d: index += 1
            default: return
            }
        }
    }

    /// The next byte that is not a blank, without taking it.
    private mutating func peek() throws(JSONTextError) -> UInt8 {
        skipBlanks()
        guard index < bytes.count else { throw .endsEarly }
        return bytes[index]
    }

    private mutating func value(depth: Int) throws(JSONTextError) -> Tree {
        switch try peek() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return Tree(.string(try string()))
        case UInt8(ascii: "-"), 0x30...0x39: return try number()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw .unexpected(offset: index)
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONLeaf) throws(JSONTextError) -> Tree {
        for offset in 0..<word.utf8CodeUnitCount {
            guard index < bytes.count else { throw .endsEarly }
            guard bytes[index] == word.utf8Start[offset] else { throw .unexpected(offset: index) }
            index += 1
        }
        return Tree(value)
    }

    private mutating func object(depth: Int) throws(JSONTextError) -> Tree {
        guard depth < maximumDepth else { throw .tooDeep(offset: index) }
        index += 1
        var members = Tree.noMembers
        if try peek() == UInt8(ascii: "}") {
            index += 1
            return .object(members)
        }
        while true {
            guard try peek() == UInt8(ascii: "\"") else { throw .unexpected(offset: index) }
            let key = try string()
            guard try peek() == UInt8(ascii: ":") else { throw .unexpected(offset: index) }
            index += 1
            guard Tree.add(try value(depth: depth + 1), key, to: &members) else { throw .duplicateKey(key) }
            if try endsAfterElement(with: UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(JSONTextError) -> Tree {
        guard depth < maximumDepth else { throw .tooDeep(offset: index) }
        index += 1
        var elements: [Tree] = []
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

    private mutating func number() throws(JSONTextError) -> Tree {
        let start = index
        var isWhole = true
        func isDigit(_ at: Int) -> Bool { at < bytes.count && (0x30...0x39).contains(bytes[at]) }
        func digits() throws(JSONTextError) {
            guard isDigit(index) else { throw .badNumber(offset: start) }
            while isDigit(index) { index += 1 }
        }
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        if index < bytes.count, bytes[index] == 0x30, isDigit(index + 1) { throw .badNumber(offset: start) }
        try digits()
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            isWhole = false
            index += 1
            try digits()
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            try digits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        // "-0" is a number of its own, which no integer holds.
        if isWhole, text != "-0" {
            if let value = Int64(text) { return Tree(.integer(value)) }
            if let value = UInt64(text) { return Tree(.unsigned(value)) }
        }
        guard let value = Double(text), value.isFinite else { throw .badNumber(offset: start) }
        return Tree(.number(value, isWhole: isWhole))
    }

    private mutating func string() throws(JSONTextError) -> String {
        let start = index
        index += 1
        var text: [UInt8] = []
        while true {
            let run = index
            while index < bytes.count, bytes[index] != 0x22, bytes[index] != 0x5c, bytes[index] >= 0x20 { index += 1 }
            guard index < bytes.count else { throw .endsEarly }
            let byte = bytes[index]
            guard byte >= 0x20 else { throw .badString(offset: start) }
            if byte == 0x22, text.isEmpty {
                index += 1
                return String(decoding: bytes[run..<index - 1], as: UTF8.self)
            }
            text.append(contentsOf: bytes[run..<index])
            index += 1
            if byte == 0x22 { return String(decoding: text, as: UTF8.self) }
            try escape(into: &text, start: start)
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
