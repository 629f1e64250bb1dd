import Digests

/// The numbers that redacted values have within one request: the same value has the same number in every text of it.
struct Placeholders {
    private struct Value: Hashable {
        let kind: RedactionKind
        let bytes: [UInt8]
    }

    private let key: [UInt8]
    private var numbers: [Value: Int] = [:]
    private var used: [RedactionKind: Int] = [:]
    private var known: [String: String]
    /// How many replacements were made, by kind.
    private(set) var counts: [RedactionKind: Int] = [:]

    /// Numbers that go on from those of `marks`, made with the same key.
    init(key: [UInt8], marks: [String: String]) {
        self.key = key
        known = Dictionary(marks.map { ($1, $0) }, uniquingKeysWith: { min($0, $1) })
        for name in marks.keys {
            let parts = name.utf8.split(separator: 0x5f)
            guard parts.count == 2, let kind = RedactionKind(rawValue: String(decoding: parts[0], as: UTF8.self)),
                let number = Int(String(decoding: parts[1], as: UTF8.self))
            else { continue }
            used[kind] = max(used[kind] ?? 0, number)
        }
    }

    /// The placeholder of the value in `bytes`.
    mutating func placeholder(for bytes: some Sequence<UInt8>, _ kind: RedactionKind) -> [UInt8] {
        let value = Value(kind: kind, bytes: Self.canonical(bytes, kind))
        counts[kind, default: 0] += 1
        return Array("<\(kind.rawValue)_\(number(of: value))>".utf8)
    }

    private mutating func number(of value: Value) -> Int {
        if let number = numbers[value] { return number }
        let number: Int
        if !known.isEmpty, let name = known[mark(of: value)], let end = name.utf8.lastIndex(of: 0x5f),
            let before = Int(name[name.utf8.index(after: end)...])
        {
            number = before
        } else {
            number = (used[value.kind] ?? 0) + 1
            used[value.kind] = number
        }
        numbers[value] = number
        return number
    }

    /// The names of the placeholders, such as `EMAIL_1`, and a keyed hash of what each stands for.
    var marks: [String: String] {
        var marks: [String: String] = [:]
        for (value, number) in numbers { marks["\(value.kind.rawValue)_\(number)"] = mark(of: value) }
        return marks
    }

    /// 64 bits of a keyed hash: without the key a value cannot be found by trying.
    private func mark(of value: Value) -> String {
        let code = HMACSHA256.code(of: Array(value.kind.rawValue.utf8) + [0] + value.bytes, key: key)
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: code.prefix(8).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }

    /// The value without what may differ between two ways to write it.
    private static func canonical(_ bytes: some Sequence<UInt8>, _ kind: RedactionKind) -> [UInt8] {
        switch kind {
        case .key: Array(bytes)
        case .email, .ip: bytes.map { ByteClasses.isUpper($0) ? $0 | 0x20 : $0 }
        case .card: bytes.filter(ByteClasses.isDigit)
        case .iban: bytes.compactMap { ByteClasses.isLetter($0) ? $0 | 0x20 : ByteClasses.isDigit($0) ? $0 : nil }
        case .phone: bytes.filter { ByteClasses.isDigit($0) || $0 == 0x2b }
        }
    }
}
