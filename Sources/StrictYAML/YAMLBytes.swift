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
