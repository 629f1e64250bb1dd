/// The language of a text, from its commonest words, groups of three letters and special letters.
///
/// A guess for counting: right for nearly every sentence of a known language, honest (`und`) about the rest.
public enum LanguageGuess {
    /// Bytes that are looked at: more does not change the answer.
    public static let longest = 600
    /// Points a guess needs, and by what factor it must lead.
    private static let minPoints = 3
    private static let wordPoints: UInt8 = 4
    private static let groupPoints: UInt8 = 1
    private static let letterPoints: UInt8 = 3

    /// The two-letter code (ISO 639-1) of the language of the beginning of `text`; nil when it cannot be told.
    public static func code(of text: String) -> String? {
        let start = String(decoding: text.utf8.prefix(longest), as: UTF8.self)
        let code = code(of: start, script: TextShape(start).script)
        return code == "und" ? nil : code
    }

    /// The two-letter code (ISO 639-1) of the language of `text`, or `und` when it cannot be told.
    static func code(of text: String, script: String) -> String {
        switch script {
        case "latin", "mixed": latin(text)
        case "cyrillic":
            text.unicodeScalars.prefix(longest).contains { "іїєґІЇЄҐ".unicodeScalars.contains($0) } ? "uk" : "ru"
        case "greek": "el"
        case "hebrew": "he"
        case "arabic": text.unicodeScalars.prefix(longest).contains { "پچژگ".unicodeScalars.contains($0) } ? "fa" : "ar"
        case "indic": "hi"
        case "thai": "th"
        case "kana": "ja"
        case "han": "zh"
        case "hangul": "ko"
        default: "und"
        }
    }

    private static func latin(_ text: String) -> String {
        var scores = Scores()
        // The last three bytes, a word so far, and its length.
        var group: UInt32 = 0x20
        var word: UInt64 = 0
        var length = 0
        var previous: UInt8 = 0
        func end(_ scores: inout Scores) {
            if length > 0, length <= 8 { scores.add(words[word]) }
            if length > 1 { scores.add(groups[(group << 8 | 0x20) & 0xff_ffff]) }
            group = 0x20
            word = 0
            length = 0
        }
        for raw in text.utf8.prefix(longest) {
            var byte = raw >= 0x41 && raw <= 0x5a ? raw | 0x20 : raw
            // Capital letters of Latin-1: C3 80 to C3 9E.
            if previous == 0xc3, raw >= 0x80, raw <= 0x9e { byte = raw | 0x20 }
            if byte >= 0x61 && byte <= 0x7a || byte >= 0x80 {
                group = (group << 8 | UInt32(byte)) & 0xff_ffff
                word = word << 8 | UInt64(byte)
                length += 1
                if length > 1 { scores.add(groups[group]) }
                if byte >= 0x80, previous >= 0xc3 { scores.add(letters[UInt16(previous) << 8 | UInt16(byte)]) }
            } else {
                end(&scores)
            }
            previous = byte
        }
        end(&scores)
        return scores.best
    }

    /// Points by language.
    private struct Scores {
        private var points = [Int](repeating: 0, count: LanguageTable.codes.count)

        mutating func add(_ found: LanguageTable.Entry?) {
            guard let found else { return }
            var rest = found.languages
            while rest != 0 {
                points[rest.trailingZeroBitCount] += Int(found.points)
                rest &= rest - 1
            }
        }

        var best: String {
            var top = 0
            for k in points.indices where points[k] > points[top] { top = k }
            let second = points.indices.filter { $0 != top }.map { points[$0] }.max() ?? 0
            return points[top] >= LanguageGuess.minPoints && points[top] > second ? LanguageTable.codes[top] : "und"
        }
    }

    /// Words of up to 8 bytes, packed.
    private static let words = LanguageTable.packed(LanguageTable.words, points: wordPoints) { bytes in
        bytes.count <= 8 ? bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } : nil
    }
    /// Groups of three bytes, a space for the edge of a word.
    private static let groups = LanguageTable.packed(LanguageTable.groups, points: groupPoints) { bytes in
        bytes.count == 3 ? bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1 == 0x5f ? 0x20 : $1) } : nil
    }
    /// Letters of two bytes.
    private static let letters = LanguageTable.packed(LanguageTable.letters, points: letterPoints) { bytes in
        bytes.count == 2 ? UInt16(bytes[0]) << 8 | UInt16(bytes[1]) : nil
    }
}
