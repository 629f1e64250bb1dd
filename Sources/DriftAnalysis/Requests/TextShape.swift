/// The form of a text: counts of its signs, in one pass over its bytes.
struct TextShape: Hashable, Sendable {
    /// Writing systems that are told apart.
    enum Script: String, CaseIterable, Sendable {
        case latin, cyrillic, greek, arabic, hebrew, indic, thai, han, kana, hangul, other
    }

    /// Unicode scalars.
    private(set) var characters = 0
    /// Scalars outside ASCII.
    private(set) var nonASCII = 0
    /// ASCII digits.
    private(set) var digits = 0
    /// Line feeds.
    private(set) var lineBreaks = 0
    /// Whether three backquotes in a row occur.
    private(set) var hasCodeFence = false
    /// Letters by script, in the order of ``Script``.
    private(set) var letters = [Int](repeating: 0, count: Script.allCases.count)

    init(_ text: String) {
        var text = text
        text.withUTF8 { bytes in scan(bytes) }
    }

    private mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) {
        var latin = 0
        var fence = 0
        var i = 0
        while i < bytes.count {
            let byte = bytes[i]
            characters += 1
            if byte < 0x80 {
                if byte | 0x20 >= 0x61, byte | 0x20 <= 0x7a {
                    latin += 1
                } else if byte >= 0x30, byte <= 0x39 {
                    digits += 1
                } else if byte == 0x0a {
                    lineBreaks += 1
                }
                fence = byte == 0x60 ? fence + 1 : 0
                if fence >= 3 { hasCodeFence = true }
                i += 1
                continue
            }
            fence = 0
            nonASCII += 1
            // A String's bytes are valid, so the first byte says how many follow.
            let length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
            var scalar = UInt32(byte) & (0x7f >> UInt32(length))
            for k in 1..<length where i + k < bytes.count { scalar = scalar << 6 | UInt32(bytes[i + k] & 0x3f) }
            if let script = Self.script(of: scalar) { letters[Self.place(script)] += 1 }
            i += length
        }
        letters[Self.place(.latin)] += latin
    }

    /// The script of more than 70 % of the letters, `mixed`, or `none` without letters.
    var script: String {
        let all = letters.reduce(0, +)
        guard all > 0 else { return "none" }
        for (script, n) in zip(Script.allCases, letters) where 10 * n > 7 * all { return script.rawValue }
        // Japanese writes two scripts at once.
        let japanese = letters[Self.place(.kana)] + letters[Self.place(.han)]
        return letters[Self.place(.kana)] > 0 && 10 * japanese > 7 * all ? "kana" : "mixed"
    }

    private static func place(_ script: Script) -> Int { Script.allCases.firstIndex(of: script) ?? 0 }

    /// The script of a letter outside ASCII; nil for what is no letter. By blocks, as Unicode lays them out.
    private static func script(of scalar: UInt32) -> Script? {
        switch scalar {
        case 0xc0...0x24f where scalar != 0xd7 && scalar != 0xf7: .latin
        case 0x1e00...0x1eff: .latin
        case 0x370...0x3ff, 0x1f00...0x1fff: .greek
        case 0x400...0x52f: .cyrillic
        case 0x590...0x5ff: .hebrew
        case 0x600...0x6ff, 0x750...0x77f: .arabic
        case 0x900...0xdff: .indic
        case 0xe00...0xe7f: .thai
        case 0x3040...0x30ff: .kana
        case 0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfaff, 0x20000...0x3ffff: .han
        case 0x1100...0x11ff, 0xac00...0xd7af: .hangul
        case 0x530...0x58f, 0x700...0x74f, 0xe80...0x10ff, 0x1200...0x1dff: .other
        default: nil
        }
    }
}

/// Hashes of the words of a text: runs of letters and digits, A-Z as a-z, every byte outside ASCII a letter.
struct WordHashes {
    /// FNV-1a (Fowler, Noll and Vo) of each word, in order.
    let words: [UInt64]

    /// The first `limit` words.
    init(_ text: String, limit: Int) {
        var found: [UInt64] = []
        var hash: UInt64 = 0
        var isInside = false
        for byte in text.utf8 {
            let letter = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
            if letter >= 0x61 && letter <= 0x7a || letter >= 0x80 || letter >= 0x30 && letter <= 0x39 {
                hash = ((isInside ? hash : 0xcbf2_9ce4_8422_2325) ^ UInt64(letter)) &* 0x100_0000_01b3
                isInside = true
            } else if isInside {
                found.append(hash)
                isInside = false
                if found.count == limit { break }
            }
        }
        if isInside, found.count < limit { found.append(hash) }
        words = found
    }

    /// Share of distinct words; nil without words.
    var distinctShare: Double? {
        words.isEmpty ? nil : Double(Set(words).count) / Double(words.count)
    }

    /// Share of pairs of neighbouring words that occurred before; nil for fewer than 8 words.
    var repeatedPairs: Double? {
        guard words.count >= 8 else { return nil }
        let pairs = zip(words, words.dropFirst()).map { $0 &* 31 &+ $1 }
        return 1 - Double(Set(pairs).count) / Double(pairs.count)
    }
}
