/// Keeps calls of tools apart while an answer comes, piece by piece: what may become a call is held back to the end.
public struct ToolCallStream: Sendable {
    private let family: ToolCallFamily
    private let declared: DeclaredParameters
    private let markers: [[UInt8]]
    private var bytes: [UInt8] = []
    /// How many bytes were given out.
    private var given = 0
    /// How many bytes were looked at and begin no call.
    private var seen = 0
    /// Where the last of them that is no blank ends.
    private var saidEnd = 0
    /// Where the first marker stands, or what may be the whole answer; nothing after it is given out.
    private var held: Int?
    /// Whether the answer began as one of this family's calls cannot.
    private var isPlain = false

    /// - Parameters:
    ///   - family: How the model writes calls.
    ///   - declared: The parameters of the tools that were offered.
    public init(_ family: ToolCallFamily, declared: DeclaredParameters = DeclaredParameters()) {
        self.family = family
        self.declared = declared
        markers = family.openings.map { Array($0.utf8) }
    }

    /// Takes the next piece, which holds whole characters.
    ///
    /// - Returns: What the answer certainly says.
    public mutating func take(_ piece: String) -> String {
        bytes.append(contentsOf: piece.utf8)
        guard held == nil else { return "" }
        if family.isWholeAnswer {
            if !isPlain {
                seen = TextScan.trimmedStart(bytes, seen..<bytes.count)
                guard seen < bytes.count else { return "" }
                if beginsCall(at: seen) {
                    held = seen
                    return ""
                }
                isPlain = true
            }
            return give(to: bytes.count)
        }
        let before = seen
        while seen < bytes.count {
            let rest = bytes[seen...]
            if markers.contains(where: { rest.starts(with: $0) }) {
                held = seen
                break
            }
            // May become a marker: whoever comes next is looked at from here.
            if markers.contains(where: { $0.starts(with: rest) }) { break }
            seen += 1
        }
        // Blanks before a call are left out: those at the end wait for what comes.
        let end = TextScan.trimmedEnd(bytes, before..<seen)
        if end > before { saidEnd = end }
        return give(to: saidEnd)
    }

    /// What is left when nothing more comes: the rest of what the answer says, and its calls.
    public mutating func finish() -> (text: String, calls: [WrittenToolCall]) {
        let answer = ToolCallAnswer(String(decoding: bytes, as: UTF8.self), family: family, declared: declared)
        guard !answer.calls.isEmpty else { return (give(to: bytes.count), []) }
        return (String(decoding: answer.text.utf8.dropFirst(given), as: UTF8.self), answer.calls)
    }

    private func beginsCall(at start: Int) -> Bool {
        let rest = bytes[start...]
        return [UInt8(ascii: "{"), UInt8(ascii: "[")].contains(bytes[start])
            || markers.contains { $0.starts(with: rest) || rest.starts(with: $0) }
    }

    private mutating func give(to end: Int) -> String {
        guard end > given else { return "" }
        defer { given = end }
        return String(decoding: bytes[given..<end], as: UTF8.self)
    }
}
