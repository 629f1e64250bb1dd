import RegistryTypes
public import StrictJSON
import StrictYAML

/// A model card: YAML front matter between two `---` lines, then Markdown.
///
/// Any key is allowed in the front matter, so that the tools of Hugging Face read the same file; those that
/// policies can ask for are listed by ``CardField``. A field counts as filled when its key has a value, or when the
/// body has a heading of its name with at least 40 bytes below it; null, "[More Information Needed]", "n/a" and the like
/// count as nothing.
public struct ModelCard: Hashable, Sendable {
    /// The front matter; empty when the card has none.
    public let frontMatter: [String: JSONValue]
    /// The Markdown after the front matter.
    public let body: String
    /// The fields that are filled.
    public let present: Set<CardField>
    /// The licence, when named by one text.
    public let license: String?
    /// What a reader should fix; none of it keeps the card from being stored.
    public let warnings: [Diagnostic]

    /// The most bytes of a card.
    public static let maximumBytes = 262_144

    /// Front matter may be as long as the card: tables of results (`model-index`) hold thousands of values.
    private static let limits = YAMLLimits(bytes: maximumBytes, nodes: 65_536)

    /// Reads `bytes` as a card; `file` stands in messages only.
    ///
    /// - Throws: ``DocumentError`` when the bytes are not text or the front matter is not acceptable YAML.
    public init(bytes: [UInt8], file: String) throws(DocumentError) {
        guard bytes.count <= ModelCard.maximumBytes else {
            throw ModelCard.refusal(
                file,
                line: 1,
                "card has \(bytes.count) bytes, at most \(ModelCard.maximumBytes) are kept: shorten it"
            )
        }
        let parts = try ModelCard.split(bytes, file: file)
        var entries: [YAMLNode.Entry] = []
        do {
            let documents = try YAMLFile(parts.frontMatter, limits: ModelCard.limits).documents
            if let root = documents.first?.root {
                guard case .mapping(let found) = root.value else {
                    throw StrictYAMLError.refused(
                        "front matter must be a mapping, not \(root.kindInWords)",
                        root.position
                    )
                }
                entries = found
            }
        } catch let error as StrictYAMLError {
            let line = error.position.line + parts.firstLine - 1
            throw DocumentError([Diagnostic(file: file, line: line, message: error.message, near: error.near)])
        } catch {
            throw ModelCard.refusal(file, line: 1, "\(error)")
        }
        body = parts.body
        frontMatter = Dictionary(uniqueKeysWithValues: entries.map { ($0.key, JSONValue($0.value)) })
        let sections = MarkdownSections(parts.body)
        present = Set(
            CardField.allCases.filter { field in
                entries.contains { $0.key == field.rawValue && ModelCard.isFilled($0.value) }
                    || field.heading.map(sections.isFilled) ?? false
            }
        )
        license = present.contains(.license) ? frontMatter["license"]?.string.flatMap { $0.isEmpty ? nil : $0 } : nil
        warnings = CardLint.warnings(entries: entries, firstLine: parts.firstLine, file: file)
    }

    /// The fields that are not filled, in the order of ``CardField``.
    public var missing: [CardField] { CardField.allCases.filter { !present.contains($0) } }

    /// The share of the fields that are filled, in 0...1.
    public var completeness: Double { Double(present.count) / Double(CardField.allCases.count) }

    /// What policies and tables need of the card.
    public var summary: CardSummary {
        CardSummary(
            completeness: completeness,
            present: present.map(\.rawValue),
            missing: missing.map(\.rawValue),
            license: license
        )
    }

    private static func isFilled(_ node: YAMLNode) -> Bool {
        switch node.value {
        case .scalar(let text, let isQuoted): !isPlaceholder(text) && (isQuoted || !isNull(text))
        case .sequence(let elements): elements.contains(where: isFilled)
        case .mapping(let entries): entries.contains { isFilled($0.value) }
        }
    }

    /// What YAML writes where there is no value.
    private static func isNull(_ text: String) -> Bool { ["null", "Null", "NULL", "~"].contains(text) }

    /// Texts that stand where something will be said later, or that say that there is nothing to say: in lower case, with letters
    /// and digits alone.
    private static let placeholders: Set = [
        "moreinformationneeded", "tbd", "tba", "todo", "na", "none", "nil", "unknown", "comingsoon", "notapplicable",
        "notavailable", "notspecified", "fillmein", "placeholder", "xxx",
    ]

    /// Whether a text says nothing: no letter or digit in it, or the words of a template.
    static func isPlaceholder(_ text: String) -> Bool {
        let scalars = text.unicodeScalars.filter { $0.properties.isAlphabetic || $0.properties.numericType != nil }
        guard !scalars.isEmpty else { return true }
        // Longer than any of them.
        guard scalars.count <= 24 else { return false }
        return placeholders.contains(String(String.UnicodeScalarView(scalars)).lowercased())
    }

    private static func refusal(_ file: String, line: Int, _ message: String) -> DocumentError {
        DocumentError([Diagnostic(file: file, line: line, message: message)])
    }

    /// Cuts a card into front matter and body. Without a `---` in the first line all of it is body.
    private static func split(
        _ bytes: [UInt8],
        file: String
    ) throws(DocumentError) -> (frontMatter: [UInt8], firstLine: Int, body: String) {
        guard !bytes.starts(with: [0xef, 0xbb, 0xbf]) else {
            throw refusal(file, line: 1, StrictYAMLError.byteOrderMark.message)
        }
        // Lines that end as they did on old Macs.
        let bytes = bytes.contains(0x0a) ? bytes : bytes.map { $0 == 0x0d ? 0x0a : $0 }
        let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
        func isFence(_ line: ArraySlice<UInt8>) -> Bool {
            line.starts(with: "---".utf8) && line.dropFirst(3).allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
        }
        func text(_ bytes: [UInt8], fromLine line: Int) throws(DocumentError) -> String {
            if let zero = bytes.firstIndex(of: 0) {
                let offset = bytes[..<zero].count { $0 == 0x0a }
                throw refusal(file, line: line + offset, "control byte 0x00 is not allowed: remove it")
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw refusal(file, line: line, "bytes are not UTF-8: save the file as UTF-8")
            }
            return text
        }
        // Blank lines before it are somebody's slip, and no reason to read the whole front matter as text.
        let start = lines.firstIndex { !$0.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d } } ?? 0
        guard isFence(lines[start]) else { return ([], 1, try text(bytes, fromLine: 1)) }
        guard let end = lines.indices.dropFirst(start + 1).first(where: { isFence(lines[$0]) }) else {
            guard start == 0 else { return ([], 1, try text(bytes, fromLine: 1)) }
            throw refusal(file, line: 1, "front matter is never closed: end it with a line of ---")
        }
        let body = Array(lines[(end + 1)...].joined(separator: [0x0a]))
        // Lines that end as on Windows keep their feed here and lose their return.
        let front = lines[(start + 1)..<end].map { $0.last == 0x0d ? $0.dropLast() : $0 }
        return (Array(front.joined(separator: [0x0a])), start + 2, try text(body, fromLine: end + 2))
    }
}

/// The fields of a model card that policies can require and that completeness counts, each with equal weight.
public enum CardField: String, Codable, Sendable, CaseIterable, Comparable {
    /// The licence: an SPDX id or `other`. Key of Hugging Face.
    case license
    /// The languages the model speaks. Key of Hugging Face.
    case language
    /// The task, such as `text-generation`. Key of Hugging Face.
    case task = "pipeline_tag"
    /// Words to find the model by. Key of Hugging Face.
    case tags
    /// Who answers for the model.
    case owner
    /// What the model is for.
    case intendedUse
    /// What it cannot do, and where it should not be used.
    case limitations
    /// What it was trained on.
    case trainingData
    /// How good it is, on what.
    case evaluation
    /// What can go wrong, and what is done about it.
    case risks

    /// The heading, in lower case, under which the body of a card may say it instead of the front matter; nil for
    /// what is a key only.
    var heading: String? {
        switch self {
        case .license, .language, .task, .tags: nil
        case .owner: "owner"
        case .intendedUse: "intended use"
        case .limitations: "limitations"
        case .trainingData: "training data"
        case .evaluation: "evaluation"
        case .risks: "risks"
        }
    }

    public static func < (left: CardField, right: CardField) -> Bool { left.rawValue < right.rawValue }
}

/// What a version's card says that policies and tables need.
public struct CardSummary: Hashable, Sendable, Codable {
    /// The share of the fields that are filled, in 0...1.
    public let completeness: Double
    /// The fields that are filled, sorted.
    public let present: [String]
    /// The fields that are not, sorted.
    public let missing: [String]
    /// The licence, when named.
    public let license: String?

    /// A summary of a card.
    public init(completeness: Double, present: [String], missing: [String], license: String?) {
        self.completeness = completeness
        self.present = present.sorted()
        self.missing = missing.sorted()
        self.license = license
    }
}

/// The sections of a Markdown text by heading: enough to see whether something is written under a heading.
struct MarkdownSections {
    /// The bytes of text under each heading, up to the next heading of the same or a higher level.
    private var bytesByHeading: [String: Int] = [:]

    /// The least that counts as said.
    private static let minBytes = 40

    init(_ text: String) {
        var open: [(level: Int, title: String)] = []
        /// The mark that ends the code that is being read; nil outside of code.
        var fence: [UInt8]?
        var isComment = false
        /// The lines of the paragraph so far, of which the first may become a heading by what stands under it.
        var paragraph: [ArraySlice<UInt8>] = []
        for line in text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false) {
            // In code nothing is a comment.
            let said = fence == nil ? MarkdownSections.withoutComments(line, isInside: &isComment) : Array(line)
            let trimmed = MarkdownSections.trimmed(said[...])
            if let end = fence {
                if trimmed.starts(with: end) { fence = nil }
            } else {
                fence = ["```", "~~~"].map { Array($0.utf8) }.first { trimmed.starts(with: $0) }
            }
            let marks = trimmed.prefix { $0 == UInt8(ascii: "#") }.count
            let isMarked = fence == nil && (1...6).contains(marks) && trimmed.dropFirst(marks).first == 0x20
            let underlined = fence == nil && paragraph.count == 1 ? MarkdownSections.level(ofUnderline: trimmed) : nil
            if let level = isMarked ? marks : underlined {
                let title = isMarked ? trimmed.dropFirst(marks) : paragraph[0]
                if !isMarked { count(paragraph[0], in: open, by: -1) }
                while let last = open.last, last.level >= level { open.removeLast() }
                open.append((level, MarkdownSections.title(title)))
                paragraph = []
                continue
            }
            paragraph = trimmed.isEmpty || fence != nil ? [] : Array((paragraph + [trimmed]).prefix(2))
            count(trimmed, in: open, by: 1)
        }
    }

    /// Adds what a line says to the sections that it stands in, or takes it off them.
    private mutating func count(_ line: ArraySlice<UInt8>, in open: [(level: Int, title: String)], by sign: Int) {
        guard !MarkdownSections.isPlaceholder(line) else { return }
        for section in open { bytesByHeading[section.title, default: 0] += sign * line.count }
    }

    /// The level of the heading over a line of `===` or `---`; nil for any other line.
    private static func level(ofUnderline line: ArraySlice<UInt8>) -> Int? {
        guard let first = line.first, line.allSatisfy({ $0 == first }) else { return nil }
        return first == UInt8(ascii: "=") ? 1 : first == UInt8(ascii: "-") ? 2 : nil
    }

    /// Whether enough is written under `heading`, which is in lower case.
    func isFilled(_ heading: String) -> Bool { bytesByHeading[heading, default: 0] >= Self.minBytes }

    /// A line without HTML comments, which may go over several: hints for whoever fills a card in.
    private static func withoutComments(_ line: Substring.UTF8View.SubSequence, isInside: inout Bool) -> [UInt8] {
        var said: [UInt8] = [], rest = Array(line)[...]
        while !rest.isEmpty {
            let mark = Array((isInside ? "-->" : "<!--").utf8)
            if rest.starts(with: mark) {
                isInside.toggle()
                rest = rest.dropFirst(mark.count)
            } else if let byte = rest.popFirst(), !isInside {
                said.append(byte)
            }
        }
        return said
    }

    /// Whether a line says nothing: the words of the usual template, alone or after a name such as `**Developed by:**`.
    private static func isPlaceholder(_ line: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: line, as: UTF8.self)
        return ModelCard.isPlaceholder(text) || text.lowercased().contains("[more information needed]")
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
        var line = line.drop(while: isBlank)
        while let last = line.last, isBlank(last) { line.removeLast() }
        return line
    }

    /// A heading in lower case, without `#`, `*`, `:` and blanks around it.
    private static func title(_ bytes: ArraySlice<UInt8>) -> String {
        func isTrim(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x23 || byte == 0x2a || byte == 0x3a }
        var title = bytes.drop(while: isTrim)
        while let last = title.last, isTrim(last) { title.removeLast() }
        return String(decoding: title.map { (0x41...0x5a).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self)
    }
}

/// What a reader should fix in the front matter of a card.
enum CardLint {
    /// Keys of Hugging Face that name one thing or a list of things.
    private static let knownKeys = [
        "license", "license_name", "license_link", "language", "tags", "base_model", "base_model_relation",
        "pipeline_tag", "library_name", "datasets", "metrics", "model-index", "inference", "widget", "co2_eq_emissions",
        "thumbnail", "new_version", "extra_gated_prompt",
    ]

    static func warnings(entries: [YAMLNode.Entry], firstLine: Int, file: String) -> [Diagnostic] {
        var warnings: [Diagnostic] = []
        func warn(_ position: YAMLPosition, _ message: String, near: String? = nil) {
            warnings.append(Diagnostic(file: file, line: position.line + firstLine - 1, message: message, near: near))
        }
        let ours = CardField.allCases.map(\.rawValue)
        for entry in entries {
            if entry.value.isEmpty {
                warn(entry.position, "\"\(entry.key)\" is empty: fill it or remove it")
            }
            if !ours.contains(entry.key), !knownKeys.contains(entry.key),
                let near = NearName.nearest(to: entry.key, in: ours + knownKeys)
            {
                warn(entry.position, "key \"\(entry.key.printable)\" is not a known field", near: near)
            }
        }
        func entry(_ key: String) -> YAMLNode.Entry? { entries.first { $0.key == key } }
        if let license = entry("license"), !license.value.isEmpty {
            switch license.value.value {
            case .scalar("other", _) where entry("license_name") == nil:
                warn(license.position, "license \"other\" needs license_name and license_link")
            case .scalar(let text, _) where text.utf8.contains(0x20):
                warn(license.position, "license is a sentence: name it by its SPDX id, such as apache-2.0")
            default: break
            }
        }
        return warnings.sorted { $0.line < $1.line }
    }
}
