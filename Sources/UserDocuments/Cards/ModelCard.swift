public import StrictJSON
import StrictYAML

/// A model card: YAML front matter between two `---` lines, then Markdown.
///
/// Any key is allowed in the front matter, so that the tools of Hugging Face read the same file; those that
/// policies can ask for are listed by ``CardField``. A field counts as filled when its key has a value, or when the
/// body has a heading of its name with at least 40 bytes below it; "[More Information Needed]" counts as nothing.
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
            let documents = try YAMLFile(parts.frontMatter).documents
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
        license = frontMatter["license"]?.string.flatMap { $0.isEmpty ? nil : $0 }
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
        case .scalar(let text, _): !isPlaceholder(text)
        case .sequence(let elements): elements.contains(where: isFilled)
        case .mapping(let entries): entries.contains { isFilled($0.value) }
        }
    }

    /// Whether a text says nothing: blank, or the words of the usual template.
    static func isPlaceholder(_ text: String) -> Bool {
        let words = text.utf8.filter { ![0x20, 0x09, 0x0a, 0x0d, 0x5b, 0x5d].contains($0) }
            .map { (0x41...0x5a).contains($0) ? $0 + 0x20 : $0 }
        return words.isEmpty || words == Array("moreinformationneeded".utf8) || words == Array("tbd".utf8)
            || words == Array("todo".utf8)
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
        guard let first = lines.first, isFence(first) else { return ([], 1, try text(bytes, fromLine: 1)) }
        guard let end = lines.indices.dropFirst().first(where: { isFence(lines[$0]) }) else {
            throw refusal(file, line: 1, "front matter is never closed: end it with a line of ---")
        }
        let body = Array(lines[(end + 1)...].joined(separator: [0x0a]))
        return (Array(lines[1..<end].joined(separator: [0x0a])), 2, try text(body, fromLine: end + 2))
    }
}
