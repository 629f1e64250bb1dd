/// Checks that need no parser, on the bytes themselves.
enum YAMLBytes {
    /// The text that `bytes` hold, when nothing in it is invisible to the person who reads it.
    static func check(_ bytes: [UInt8]) throws(StrictYAMLError) -> String {
        guard !bytes.starts(with: [0xef, 0xbb, 0xbf]) else { throw .byteOrderMark }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let repaired = String(decoding: bytes, as: UTF8.self).utf8
            let valid = zip(bytes, repaired).prefix { $0 == $1 }.count
            throw .notUTF8(position(of: valid, in: bytes))
        }
        for (index, byte) in bytes.enumerated() {
            func next(_ offset: Int) -> UInt8 { index + offset < bytes.count ? bytes[index + offset] : 0 }
            switch byte {
            case 0x09, 0x0a, 0x20...0x7e:
                continue
            case 0x0d where next(1) == 0x0a:
                continue
            case 0x00..<0x20, 0x7f:
                throw .controlByte(byte, position(of: index, in: bytes))
            case 0xc2 where next(1) == 0x85:
                throw .hiddenLineEnd(codePoint: 0x85, position(of: index, in: bytes))
            case 0xe2 where next(1) == 0x80 && (next(2) == 0xa8 || next(2) == 0xa9):
                throw .hiddenLineEnd(codePoint: 0x2000 + UInt32(next(2) & 0x3f), position(of: index, in: bytes))
            default:
                continue
            }
        }
        if let line = firstDirective(bytes) {
            throw .syntax("directives (%YAML, %TAG) are not allowed: remove the line", YAMLPosition(line: line))
        }
        return text
    }

    /// The line and column of a byte.
    static func position(of index: Int, in bytes: [UInt8]) -> YAMLPosition {
        let before = bytes[..<index]
        let line = before.count { $0 == 0x0a } + 1
        let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        return YAMLPosition(line: line, column: bytes[lineStart..<index].count { $0 & 0xc0 != 0x80 } + 1)
    }

    private static func firstDirective(_ bytes: [UInt8]) -> Int? {
        for (number, line) in bytes.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated()
        where line.first == UInt8(ascii: "%") {
            if line.starts(with: "%YAML".utf8) || line.starts(with: "%TAG".utf8) { return number + 1 }
        }
        return nil
    }
}

/// Finds aliases before the parser follows them.
///
/// The parser replaces an alias by what it names while it reads, and looks for duplicate keys by hashing them: a few
/// hundred bytes of aliases inside a key cost hours. So a text whose `*name` could meet its `&name` is first read
/// with every name after `*` changed to one that no `&` has. The change keeps lengths, kinds of bytes and which names
/// are equal, so the parser walks through the same structure and stops at the first real alias.
enum AliasDecoy {
    /// What there is to read before the text itself.
    enum Answer: Equatable {
        /// Nothing: no `*name` of the text has an `&name`.
        case notNeeded
        /// The changed text.
        case text(String)
        /// Whatever is tried, some `*name` meets an `&name`: made by hand to do so. The byte of the first `*`.
        case hostile(Int)
    }

    /// Looks at `bytes`, which are UTF-8.
    static func answer(for bytes: [UInt8]) -> Answer {
        let anchors = Set(names(after: UInt8(ascii: "&"), in: bytes).map { Array(bytes[$0]) })
        guard !anchors.isEmpty else { return .notNeeded }
        let places = names(after: UInt8(ascii: "*"), in: bytes)
        let aliases = Set(places.map { Array(bytes[$0]) })
        guard !anchors.isDisjoint(with: aliases) else { return .notNeeded }
        for shift in 1...16 {
            func shifted(_ byte: UInt8) -> UInt8 {
                alphabet.firstIndex(of: byte).map { alphabet[($0 + shift) % alphabet.count] } ?? byte
            }
            guard anchors.isDisjoint(with: aliases.map { [shifted($0[0])] + $0.dropFirst() }) else { continue }
            var changed = bytes
            for place in places { changed[place.lowerBound] = shifted(bytes[place.lowerBound]) }
            return .text(String(decoding: changed, as: UTF8.self))
        }
        return .hostile(places[0].lowerBound - 1)
    }

    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-".utf8)

    /// The runs of name bytes that follow `mark`.
    private static func names(after mark: UInt8, in bytes: [UInt8]) -> [Range<Int>] {
        func isNameByte(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        var runs: [Range<Int>] = []
        for index in bytes.indices where bytes[index] == mark {
            let end = bytes[(index + 1)...].firstIndex { !isNameByte($0) } ?? bytes.count
            if end > index + 1 { runs.append(index + 1..<end) }
        }
        return runs
    }
}
