import Foundation

/// The types of `Sources` with what they hold, counted over all their files. Reads declarations by their place in a line,
/// which swift-format fixes.
struct TypeCensus {
    static let kinds: Set<String> = ["struct", "class", "enum", "actor", "protocol", "extension"]
    static let modifiers: Set<String> = [
        "public", "package", "internal", "private", "fileprivate", "final", "indirect", "nonisolated", "unsafe",
    ]

    /// A type: its target and name, with the types around it (`Server.CanaryPage.Row`).
    struct Facts {
        /// `struct`, `class`, `enum`, `actor` or `protocol`; nil for a type of another target that is extended here.
        var kind: String?
        /// Where types of this name are declared at top level, except private ones.
        var places: [String] = []
        /// Functions, over its declaration and extensions; those of types inside it are theirs.
        var functions = 0
        /// Stored properties of its values.
        var stored = 0
        /// Files with an extension of it and without its declaration.
        var extensionFiles: Set<String> = []
        var declaredIn: String?
    }

    /// By `Target.Type`.
    private(set) var types: [String: Facts] = [:]

    init(_ files: [SourceTree.File]) {
        for file in files { read(file) }
        for name in types.keys {
            if let declared = types[name]?.declaredIn { types[name]?.extensionFiles.remove(declared) }
        }
    }

    /// Names that more than one type at top level has, with their places.
    var namesTwice: [String: [String]] {
        var places: [String: [String]] = [:]
        for (name, facts) in types {
            places[String(name.split(separator: ".").last ?? ""), default: []] += facts.places
        }
        return places.filter { $0.value.count > 1 }
    }

    private mutating func read(_ file: SourceTree.File) {
        var around: [(indent: Int, name: String)] = []
        for line in file.lines {
            let indent = line.prefix { $0 == " " }.count
            let text = line.dropFirst(indent)
            if text.hasPrefix("//") || text.isEmpty { continue }
            if text.hasPrefix("}"), let last = around.last, last.indent == indent {
                around.removeLast()
                continue
            }
            // Inside a function, or in the rows of a literal.
            guard indent == (around.last.map { $0.indent + 4 } ?? 0) else { continue }
            var words = text.split(separator: " ", maxSplits: 12).map(String.init)[...]
            var isPrivate = false, isOfTheType = false
            while let word = words.first,
                Self.modifiers.contains(word) || word.hasPrefix("@") || word.hasPrefix("private(")
                    || ["static", "mutating", "lazy", "weak", "override", "convenience", "required"].contains(word)
                    || word.hasPrefix("nonisolated(") || word.hasPrefix("unowned")
            {
                if word == "private" || word == "fileprivate" { isPrivate = true }
                if word == "static" { isOfTheType = true }
                words.removeFirst()
            }
            guard let keyword = words.first, words.count > 1 else { continue }
            let rest = words[words.startIndex + 1]
            let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." })
            if Self.kinds.contains(keyword) {
                let full =
                    keyword == "extension" || around.isEmpty
                    ? "\(file.target).\(name)" : "\(around[around.count - 1].name).\(name)"
                var facts = types[full] ?? Facts()
                if keyword == "extension" {
                    facts.extensionFiles.insert(file.path)
                } else {
                    facts.kind = keyword
                    facts.declaredIn = file.path
                    if around.isEmpty, !isPrivate { facts.places.append(file.path) }
                }
                types[full] = facts
                if !text.hasSuffix("}") { around.append((indent, full)) }
            } else if let type = around.last?.name {
                if keyword == "func" { types[type]?.functions += 1 }
                if keyword == "let" || keyword == "var", !isOfTheType, !Self.isComputed(text) {
                    types[type]?.stored += 1
                }
            }
        }
    }

    /// Whether the line declares a property that is worked out each time.
    private static func isComputed(_ text: Substring) -> Bool {
        guard let brace = text.firstIndex(of: "{") else { return false }
        if let equals = text.firstRange(of: " = ")?.lowerBound, equals < brace { return false }
        return !text[brace...].contains("didSet") && !text[brace...].contains("willSet")
    }
}
