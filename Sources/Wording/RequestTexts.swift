import Foundation
public import RegistryTypes

/// The texts of a captured request, each under its name: what its page and the terminal show of it, whole and in order.
public struct RequestTexts: Hashable, Sendable {
    /// A text.
    public struct Part: Hashable, Sendable {
        /// What it is, such as `user` or `answer 2`.
        public let name: String
        /// The text.
        public let text: String

        init(_ name: String, _ text: String) {
            self.name = name
            self.text = text
        }
    }

    /// What was asked: variables or messages, the tools that were offered, the settings that the request changed.
    public let asked: [Part]
    /// What came: of each answer its thinking, what it says, its calls.
    public let answered: [Part]

    /// The texts of `body`.
    public init(_ body: RequestBody) {
        var asked = body.variables.sorted { $0.key < $1.key }.map { Part($0.key, $0.value) }
        for message in body.messages ?? [] { asked += Self.parts(of: message) }
        if let tools = body.tools { asked.append(Part("tools offered", tools)) }
        if !body.settings.isEmpty { asked.append(Part("settings", Self.json(of: body.settings))) }
        self.asked = asked
        answered = body.answers.enumerated().flatMap { index, answer in
            let number = body.answers.count == 1 ? "" : " \(index + 1)"
            let thinking = Self.element(index, of: body.thinking) ?? ""
            let calls = Self.element(index, of: body.calls) ?? []
            // Calls instead of an answer leave no answer to show.
            let said = answer.isEmpty && !calls.isEmpty ? [] : [Part("answer\(number)", answer)]
            return (thinking.isEmpty ? [] : [Part("thinking\(number)", thinking)]) + said
                + calls.map { Part("call\(number)", $0.line) }
        }
    }

    /// What a request of a traffic set asks, each text under its name: variables or turns, the tools that are offered, the
    /// settings of its own.
    public init(_ request: TrafficRequest) {
        self.init(
            RequestBody(
                variables: request.variables,
                messages: request.messages,
                settings: request.settings ?? [:],
                tools: request.tools
            )
        )
    }

    /// Turns of a conversation that ``input(of:)`` shows: its last ones.
    private static let shownTurns = 8

    /// What a request asks in one text: the only value; each value with its name; or the last turns of a conversation, each
    /// after who speaks, with how many came before.
    public static func input(of request: TrafficRequest) -> String {
        switch request.content {
        case .variables(let values):
            if values.count == 1, let value = values.values.first { return value }
            return values.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "\n")
        case .messages(let messages):
            if messages.count == 1, messages[0].role == .user { return messages[0].text }
            let before = max(0, messages.count - shownTurns)
            let told = before > 0 ? ["… \(NumberText.count(before, "message")) before"] : []
            return (told + messages.suffix(shownTurns).flatMap { parts(of: $0).map { "\($0.name): \($0.text)" } })
                .joined(separator: "\n")
        }
    }

    private static func parts(of message: ChatMessage) -> [Part] {
        let role = message.role.rawValue, calls = message.calls ?? []
        let answered = message.answers.map { " answers \($0)" } ?? ""
        let named = message.name.map { " (\($0))" } ?? ""
        let said = message.text.isEmpty && !calls.isEmpty ? [] : [Part(role + named + answered, message.text)]
        return (message.thinking.map { [Part("\(role) thinking", $0)] } ?? []) + said
            + calls.map { Part("\(role) call\($0.id.isEmpty ? "" : " \($0.id)")", $0.line) }
    }

    private static func element<Element>(_ index: Int, of list: [Element]?) -> Element? {
        list.flatMap { $0.indices.contains(index) ? $0[index] : nil }
    }

    private static func json(of settings: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(settings)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

extension RequestBody {
    /// That bytes of the answers were no UTF-8; nil when all were.
    public var invalidBytesNote: String? {
        invalidBytes.map {
            "\(NumberText.count($0, "byte")) of the answers \($0 == 1 ? "is" : "are") no UTF-8: \u{fffd} stands in \($0 == 1 ? "its" : "their") place"
        }
    }
}
