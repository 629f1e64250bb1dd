import Foundation

/// The numbers of a text as a person reads them: digits, sign and unit. Ids, dates and times of day are none.
struct ShownNumbers {
    /// `+32.9 points`, `12 ms`, `2,000`, in order and each once.
    let texts: [String]

    init(text: String) {
        let number = /[+−-]?\d[\d,]*(?:\.\d+)?(?: (?:%|points?|µs|ms|min|s|h|d|kB|MB|GB|TB|B|k|M|T)(?![\w\/]))?/
        var texts: [String] = []
        let text = text.replacingOccurrences(of: "\u{a0}", with: " ")
        for match in text.matches(of: number) {
            let before = text[..<match.range.lowerBound].last, after = text[match.range.upperBound...].first
            let next = text[match.range.upperBound...].dropFirst().first
            // Part of a word, an id, a date, a time of day or an address.
            if let before, before.isLetter || before.isNumber || "_.,@#:/-−+".contains(before) { continue }
            if let after, after.isLetter || after.isNumber || "_@:/-".contains(after) { continue }
            if after == ".", next?.isNumber == true { continue }
            var found = String(match.output)
            while found.hasSuffix(",") { found.removeLast() }
            if !texts.contains(found) { texts.append(found) }
        }
        self.texts = texts
    }

    /// What a page shows: the text between its tags, without drawings, whose numbers are those of axes.
    init(html: String) {
        var text = html
        for element in ["svg", "style", "script", "head"] {
            while let start = text.range(of: "<\(element)"),
                let end = text.range(of: "</\(element)>", range: start.upperBound..<text.endIndex)
            {
                text.replaceSubrange(start.lowerBound..<end.upperBound, with: "")
            }
        }
        // What stands in one line reads as one text; cells, rows and paragraphs do not.
        text.replace(/<\/?(?:span|b|i|em|strong|a|time|code|small|abbr|sub|sup)(?: [^>]*)?>/, with: "")
        text.replace(/<[^>]*>/, with: " ; ")
        for (entity, character) in [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'")] {
            text = text.replacingOccurrences(of: entity, with: character)
        }
        self.init(text: text.replacingOccurrences(of: "\n", with: " "))
    }

    /// Small whole numbers without a unit are counts of what the reader sees, and say nothing about how numbers are written.
    var telling: [String] { texts.filter { Int($0).map { $0.magnitude >= 1000 } ?? true } }
}
