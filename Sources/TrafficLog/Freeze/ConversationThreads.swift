import Digests
import RegistryTypes

/// Which captured requests are turns of one dialogue that nobody named. A request goes on from an earlier one when its messages
/// begin with that one's and with what was answered to it; blanks at the ends of texts do not matter, and neither do the
/// arguments of calls, which clients write anew. Linear in the texts.
struct ConversationThreads {
    /// For each request, by its place, the place of the first one of its dialogue; nil for one that stands alone.
    let roots: [Int?]

    /// The dialogues among requests in the order in which they came; nil for one without texts.
    init(_ lines: [BodyLine?]) {
        // What was said when an answer had been given, and the dialogue that this was.
        var ends: [Digest: Int] = [:]
        var roots: [Int] = []
        var sizes: [Int: Int] = [:]
        for (place, line) in lines.enumerated() {
            var root = place
            var said = Digest(of: [UInt8]())
            for message in line.map({ Self.messages(of: $0) }) ?? [] {
                said = Self.after(said, message.role, message.text, message.calls)
                if message.role == .assistant, let known = ends[said] { root = known }
            }
            roots.append(root)
            sizes[root, default: 0] += 1
            guard let line, let answer = line.answers?.first else { continue }
            ends[Self.after(said, .assistant, answer, line.calls?.first)] = root
        }
        self.roots = roots.map { sizes[$0, default: 0] > 1 ? $0 : nil }
    }

    /// What was asked as messages: a single value is what a message of the user became.
    private static func messages(of line: BodyLine) -> [ChatMessage] {
        if let messages = line.messages { return messages }
        guard let variables = line.variables, variables.count == 1, let text = variables.values.first else { return [] }
        return [ChatMessage(role: .user, text: text)]
    }

    private static func after(_ said: Digest, _ role: ChatMessage.Role, _ text: String, _ calls: [ToolCall]?) -> Digest
    {
        var bytes = Array(said.description.utf8)
        for part in [role.rawValue, text] + (calls ?? []).map(\.name) {
            let utf8 = Array(part.utf8)
            let isText: (UInt8) -> Bool = { $0 != 0x20 && !(0x09...0x0d).contains($0) }
            let part = utf8.firstIndex(where: isText).map { utf8[$0...(utf8.lastIndex(where: isText) ?? $0)] } ?? []
            withUnsafeBytes(of: UInt64(part.count).littleEndian) { bytes += $0 }
            bytes += part
        }
        return Digest(of: bytes)
    }
}
