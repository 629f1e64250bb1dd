/// The sections of a Markdown text by heading: enough to see whether something is written under a heading.
struct MarkdownSections {
    /// The bytes of text under each heading, up to the next heading of the same or a higher level.
    private var bytesByHeading: [String: Int] = [:]

    /// The least that counts as said.
    private static let minBytes = 40

    init(_ text: String) {
        var open: [(level: Int, title: String)] = []
        var isCode = false
        for line in text.utf8.split(separator: 0x0a) {
            let trimmed = MarkdownSections.trimmed(line)
            if trimmed.starts(with: "```".utf8) { isCode.toggle() }
            let level = trimmed.prefix { $0 == UInt8(ascii: "#") }.count
            if !isCode, (1...6).contains(level), trimmed.dropFirst(level).first == 0x20 {
                while let last = open.last, last.level >= level { open.removeLast() }
                open.append((level, MarkdownSections.title(trimmed.dropFirst(level))))
            } else if !ModelCard.isPlaceholder(String(decoding: Array(trimmed), as: UTF8.self)) {
                for section in open { bytesByHeading[section.title, default: 0] += trimmed.count }
            }
        }
    }

    /// Whether enough is written under `heading`, which is in lower case.
    func isFilled(_ heading: String) -> Bool { bytesByHeading[heading, default: 0] >= Self.minBytes }

    private static func trimmed(_ line: Substring.UTF8View.SubSequence) -> Substring.UTF8View.SubSequence {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
        var line = line.drop(while: isBlank)
        while let last = line.last, isBlank(last) { line.removeLast() }
        return line
    }

    /// A heading in lower case, without `#`, `*`, `:` and blanks around it.
    private static func title(_ bytes: Substring.UTF8View.SubSequence) -> String {
        func isTrim(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x23 || byte == 0x2a || byte == 0x3a }
        var title = bytes.drop(while: isTrim)
        while let last = title.last, isTrim(last) { title.removeLast() }
        return String(decoding: title.map { (0x41...0x5a).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self)
    }
}
