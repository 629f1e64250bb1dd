import Foundation

/// The words that `docs/architecture.md` does not want, each with the one that is used instead.
struct WordTable {
    /// Where a word is looked for.
    enum Place: String {
        /// Names, comments, texts, templates and documents.
        case anywhere
        /// Names of the code: a word may still be plain English in a comment.
        case identifiers
        /// Names of types.
        case types
    }

    /// A row of the table.
    struct Row {
        let word: String
        /// Words, or phrases of several.
        let not: [String]
        let place: Place
    }

    let rows: [Row]

    /// Reads the table below the header `| word | not | where |`.
    init(markdown: String) {
        var rows: [Row] = []
        var isInTable = false
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("| word | not | where |") {
                isInTable = true
                continue
            }
            guard isInTable else { continue }
            guard line.hasPrefix("|") else { break }
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 3, !cells[0].hasPrefix("---"), let place = Place(rawValue: cells[2]) else { continue }
            let not = cells[1].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            rows.append(Row(word: cells[0], not: not, place: place))
        }
        self.rows = rows
    }

    /// Names that hold such a word and mean something else.
    static let allowedNames: Set<String> = [
        // Keys of the documents that users write.
        "atLeast", "atMost", "atLeastSeconds", "atMostSeconds",
        // Of the standard library, and plain English.
        "leastNonzeroMagnitude", "leastNormalMagnitude", "mostLikely",
    ]

    /// What is wrong in a file: `path:line says “word”: say “other”`.
    func findings(in file: SourceTree.File) -> [String] {
        var findings: [String] = []
        let isSwift = file.path.hasSuffix(".swift"), isTemplate = file.path.hasSuffix(".mustache")
        var isInWordTable = false, isInText = false
        for (index, line) in file.lines.enumerated() {
            if line.hasPrefix("| word | not | where |") { isInWordTable = true }
            if isInWordTable {
                isInWordTable = line.hasPrefix("|")
                continue
            }
            // The names that are stored and sent stay as they are.
            let isStoredName = isSwift && line.contains("case ") && line.contains(" = \"")
            let text = isStoredName ? line[..<(line.firstRange(of: " = \"")?.lowerBound ?? line.endIndex)] : line[...]
            let code = isSwift ? Self.code(text, isText: isInText) : isTemplate ? Self.tags(text) : ""
            // A text of several lines begins or ends.
            if isSwift, line.ranges(of: "\"\"\"").count % 2 == 1 { isInText.toggle() }
            let everywhere = Self.words(of: text), inCode = Self.words(of: code[...])
            let types = isSwift ? Self.words(of: Self.typeName(code)[...]) : []
            for row in rows {
                let words =
                    switch row.place {
                    case .anywhere: everywhere
                    case .identifiers: inCode
                    case .types: types
                    }
                for not in row.not where Self.occurs(not, in: words) {
                    findings.append("\(file.path):\(index + 1) says “\(not)”: say “\(row.word)”")
                }
            }
        }
        return findings
    }

    /// The words of a line in lower case; a name in camel case is several.
    private static func words(of line: Substring) -> [String] {
        var words: [String] = []
        for name in line.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") })
        where !allowedNames.contains(String(name)) {
            var word = ""
            var isAfterLower = false
            for character in name {
                if character == "_" || (character.isUppercase && isAfterLower) {
                    if !word.isEmpty { words.append(word) }
                    word = ""
                }
                if character != "_" { word += character.lowercased() }
                isAfterLower = character.isLowercase || character.isNumber
            }
            if !word.isEmpty { words.append(word) }
        }
        return words
    }

    /// Whether a word or phrase stands there, alone or in the plural.
    private static func occurs(_ phrase: String, in words: [String]) -> Bool {
        let wanted = phrase.split(separator: " ").map(String.init)
        guard let last = wanted.last, words.count >= wanted.count else { return false }
        for start in 0...(words.count - wanted.count) {
            let found = words[start..<(start + wanted.count)]
            let end = found.last ?? ""
            if found.dropLast() == wanted.dropLast()[...], end == last || end == last + "s" { return true }
        }
        return false
    }

    /// A line of Swift without its comment and without its texts, except what they interpolate.
    private static func code(_ line: Substring, isText: Bool) -> String {
        var code = "", isText = isText
        var rest = line[...]
        while let character = rest.first {
            if !isText, rest.hasPrefix("//") { break }
            if isText, rest.hasPrefix("\\(") {
                // Interpolations are short: up to the bracket that closes them.
                var depth = 0
                for (offset, inner) in rest.dropFirst().enumerated() {
                    if inner == "(" { depth += 1 } else if inner == ")" { depth -= 1 }
                    code.append(inner)
                    if depth == 0 {
                        rest = rest.dropFirst(offset + 2)
                        break
                    }
                }
                if depth != 0 { break }
                continue
            }
            if isText, character == "\\" {
                rest = rest.dropFirst(2)
                continue
            }
            if rest.hasPrefix("\"\"\"") {
                isText.toggle()
                rest = rest.dropFirst(3)
                continue
            }
            if character == "\"" { isText.toggle() } else if !isText { code.append(character) }
            rest = rest.dropFirst()
        }
        return code
    }

    /// What stands between `{{` and `}}` in a line of a template.
    private static func tags(_ line: Substring) -> String {
        line.components(separatedBy: "{{").dropFirst().compactMap { $0.components(separatedBy: "}}").first }
            .joined(separator: " ")
    }

    /// The name of the type that a line declares, or nothing.
    private static func typeName(_ code: String) -> String {
        let words = code.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") })
        guard let keyword = words.firstIndex(where: { TypeCensus.kinds.contains(String($0)) }),
            words[..<keyword].allSatisfy({ TypeCensus.modifiers.contains(String($0)) }), keyword + 1 < words.count
        else { return "" }
        return String(words[keyword + 1])
    }
}
