/// Turns bytes that arrive in pieces into text, never cutting inside a character's UTF-8.
public struct StreamingDecoder: Sendable {
    private var pending: [UInt8] = []
    /// How many bytes came out as U+FFFD so far, because they were no UTF-8.
    public private(set) var invalidBytes = 0

    /// A decoder with nothing pending.
    public init() {}

    /// Adds bytes; returns the text that they complete. Bytes that can no longer become UTF-8 come out as U+FFFD.
    public mutating func append(_ bytes: some Sequence<UInt8>) -> String {
        pending += bytes
        let complete = pending.count - Self.unfinishedCount(pending)
        defer { pending.removeFirst(complete) }
        return text(of: pending[..<complete])
    }

    /// The rest, when no more bytes come: an unfinished character comes out as U+FFFD.
    public mutating func finish() -> String {
        defer { pending = [] }
        return text(of: pending[...])
    }

    private mutating func text(of bytes: ArraySlice<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let text = String(decoding: bytes, as: UTF8.self)
        // What is written as U+FFFD and was not, stands for the bytes that the text lacks.
        let replaced = Self.replacementMarks(text.utf8) - Self.replacementMarks(bytes)
        invalidBytes += bytes.count - (text.utf8.count - 3 * replaced)
        return text
    }

    private static func replacementMarks(_ bytes: some Sequence<UInt8>) -> Int {
        var count = 0, last: (UInt8, UInt8) = (0, 0)
        for byte in bytes {
            if last == (0xef, 0xbf), byte == 0xbd { count += 1 }
            last = (last.1, byte)
        }
        return count
    }

    /// Bytes at the end that could be the beginning of a character.
    private static func unfinishedCount(_ bytes: [UInt8]) -> Int {
        for back in 1...4 where back <= bytes.count {
            let byte = bytes[bytes.count - back]
            if byte & 0xc0 == 0x80 { continue }
            let length =
                switch byte {
                case 0xc2...0xdf: 2
                case 0xe0...0xef: 3
                case 0xf0...0xf4: 4
                default: 1
                }
            return back < length ? back : 0
        }
        return 0
    }
}
