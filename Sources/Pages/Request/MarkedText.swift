/// A text whose placeholders of redaction, such as `<EMAIL_1>`, are runs of their own, so that a page can mark them.
struct MarkedText: Hashable, Sendable {
    /// A part of the text.
    struct Run: Hashable, Sendable {
        let text: HTMLText
        let isPlaceholder: Bool
    }

    /// The text in order.
    let runs: [Run]

    /// Placeholders after this many are not marked any more.
    static let maxPlaceholders = 60

    /// Cuts `text`, of which at most `limit` bytes of HTML are shown.
    init(_ text: String, limit: Int) {
        var runs: [Run] = []
        var left = limit, isCut = false
        func add(_ bytes: ArraySlice<UInt8>, isPlaceholder: Bool) {
            guard !bytes.isEmpty, !isCut else { return }
            let part = HTMLText(String(decoding: bytes, as: UTF8.self), limit: max(0, left))
            left -= part.html.utf8.count
            isCut = !part.isWhole
            runs.append(Run(text: part, isPlaceholder: isPlaceholder))
        }
        let bytes = Array(text.utf8)
        var start = 0, at = 0, found = 0
        while at < bytes.count, found < MarkedText.maxPlaceholders {
            if let end = MarkedText.placeholder(in: bytes, at: at) {
                add(bytes[start..<at], isPlaceholder: false)
                add(bytes[at..<end], isPlaceholder: true)
                (start, at, found) = (end, end, found + 1)
            } else {
                at += 1
            }
        }
        add(bytes[start...], isPlaceholder: false)
        self.runs = runs
    }

    /// The end of a placeholder that starts at `start`: `<`, capital letters or `_`, `_`, digits, `>`.
    private static func placeholder(in bytes: [UInt8], at start: Int) -> Int? {
        guard bytes[start] == UInt8(ascii: "<") else { return nil }
        var at = start + 1, letters = 0, digits = 0
        while at < bytes.count, letters < 24 {
            let byte = bytes[at]
            if (0x41...0x5a).contains(byte) || (byte == 0x5f && digits == 0) {
                letters += 1
            } else if (0x30...0x39).contains(byte), letters > 1, bytes[at - 1] == 0x5f || digits > 0 {
                digits += 1
            } else {
                break
            }
            at += 1
        }
        guard digits > 0, digits <= 6, at < bytes.count, bytes[at] == UInt8(ascii: ">") else { return nil }
        return at + 1
    }
}
