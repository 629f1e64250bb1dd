/// Turns bytes that arrive in pieces into text, never cutting inside a character's UTF-8.
public struct StreamingDecoder: Sendable {
    private var pending: [UInt8] = []

    /// A decoder with nothing pending.
    public init() {}

    /// Adds bytes; returns the text that they complete. Bytes that can no longer become UTF-8 come out as U+FFFD.
    public mutating func append(_ bytes: some Sequence<UInt8>) -> String {
        pending += bytes
        let complete = pending.count - Self.unfinishedCount(pending)
        defer { pending.removeFirst(complete) }
        return String(decoding: pending[..<complete], as: UTF8.self)
    }

    /// The rest, when no more bytes come: an unfinished character comes out as U+FFFD.
    public mutating func finish() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
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
