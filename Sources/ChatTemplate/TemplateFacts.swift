/// What a template does, found by rendering conversations through it and looking at what came out.
public struct TemplateFacts: Sendable, Equatable {
    /// A variable that turns thinking on and off.
    public struct ThinkingSwitch: Sendable, Equatable {
        /// Its name.
        public let variable: String
        /// What the template does when the variable is not given; nil when neither `true` nor `false` gives the same.
        public let isOnByDefault: Bool?
    }

    /// The roles whose messages appear in the text, of `system`, `user`, `assistant` and `tool`.
    public let roles: [String]
    /// What the template says as the system when the conversation has no such message; nil when it says nothing.
    public let defaultSystemMessage: String?
    /// Whether tools that are offered appear in the text.
    public let listsTools: Bool
    /// The variable that turns thinking on and off; nil when none of those known here does.
    public let thinkingSwitch: ThinkingSwitch?
    /// What the template writes where the answer begins; empty when nothing.
    public let generationPrompt: String
    /// What follows a message of the assistant, without blanks around it: a model that writes it has ended its turn. Where
    /// a template ends no turn, this is what begins the next one. Nil when there is nothing of the kind.
    public let endOfTurn: String?
    /// Between what the thinking of an earlier answer, or of the next one, stands; nil when no family known here does.
    public let thinking: ThinkingMarkers?
    /// Whether the text ends inside of the thinking: the answer begins with it, without the opening marker.
    public let opensThinking: Bool
    /// How calls of tools are written; nil when the template writes none, or none that is known here.
    public let toolCalls: ToolCallFamily?
    /// Why the plainest conversation, one message of the user, is refused; nil when it is rendered.
    public let refusal: TemplateError?

    /// Looks at what `template` does.
    ///
    /// - Parameters:
    ///   - bosToken: The text of the token that begins a text.
    ///   - eosToken: The text of the token that ends a text.
    public init(of template: ChatTemplate, bosToken: String = "", eosToken: String = "") {
        // Some thirty short conversations are rendered: templates of models take under 10,000 steps for one.
        let template = template.limited(steps: 100_000, textBytes: 1 << 20)
        let probe = TemplateProbe(template: template, bosToken: bosToken, eosToken: eosToken)
        var refusal: TemplateError?
        do throws(TemplateError) {
            _ = try template.render(probe.conversation([.user]))
        } catch {
            refusal = error
        }
        self.refusal = refusal
        let calls = probe.toolCalls
        roles = ["system", "user", "assistant", "tool"].filter { role in
            switch role {
            case "system": probe.shows(TemplateProbe.system, in: [.system, .user])
            case "user": probe.shows(TemplateProbe.user, in: [.user])
            case "assistant": probe.shows(TemplateProbe.assistant, in: [.user, .assistant, .laterUser])
            default: calls?.showsResult ?? false
            }
        }
        defaultSystemMessage = probe.defaultSystemMessage
        listsTools =
            probe.shows(TemplateProbe.toolName, in: [.user], tools: true)
            || probe.shows(TemplateProbe.toolName, in: [.system, .user], tools: true)
        thinkingSwitch = probe.thinkingSwitch
        generationPrompt = probe.generationPrompt
        endOfTurn = probe.endOfTurn
        let found = probe.thinking(generationPrompt: generationPrompt)
        thinking = found?.markers
        opensThinking = found?.isOpen ?? false
        toolCalls = calls?.family
    }
}

/// Conversations with words that occur nowhere else, so that what came of each is found again in the text.
private struct TemplateProbe {
    enum Turn { case system, user, assistant, laterUser, thinkingAssistant }

    static let system = "Zqsystemprobe", user = "Zquserprobe", assistant = "Zqassistantprobe"
    static let later = "Zqlaterprobe", thinking = "Zqthinkingprobe", result = "Zqresultprobe"
    static let toolName = "zqtoolprobe", argument = "zqargumentprobe"
    /// Variables by which templates of models turn thinking on and off.
    static let switches = ["enable_thinking", "thinking"]
    /// Noon of a day in 2001: no rendering of a fact depends on when it was asked for.
    static let now = TemplateTime(secondsSince1970: 1_000_000_000)

    let template: ChatTemplate
    let bosToken: String
    let eosToken: String

    private static func message(_ turn: Turn) -> TemplateValue {
        switch turn {
        case .system: .message(role: "system", content: system)
        case .user: .message(role: "user", content: user)
        case .assistant: .message(role: "assistant", content: assistant)
        case .laterUser: .message(role: "user", content: later)
        case .thinkingAssistant:
            .mapping([
                "role": .template("assistant"), "content": .conversation(assistant),
                "reasoning_content": .conversation(thinking), "thinking": .conversation(thinking),
            ])
        }
    }

    private static let tool = TemplateValue.mapping([
        "type": .template("function"),
        "function": .mapping([
            "name": .template(toolName), "description": .template("A probe."),
            "parameters": .mapping([
                "type": .template("object"),
                "properties": .mapping([
                    argument: .mapping(["type": .template("string"), "description": .template("A word.")])
                ]),
                "required": .list([.template(argument)]),
            ]),
        ]),
    ])

    func conversation(
        _ turns: [Turn],
        more: [TemplateValue] = [],
        tools: Bool = false,
        generates: Bool = true,
        variables: [(name: String, value: TemplateValue)] = []
    ) -> TemplateConversation {
        TemplateConversation(
            messages: turns.map(Self.message) + more,
            tools: tools ? [Self.tool] : nil,
            addGenerationPrompt: generates,
            now: Self.now,
            bosToken: bosToken,
            eosToken: eosToken,
            variables: variables
        )
    }

    private func text(_ conversation: TemplateConversation) -> [UInt8]? {
        (try? template.render(conversation)).map { Array($0.string.utf8) }
    }

    private static func place(of word: String, in bytes: [UInt8]) -> Range<Int>? {
        var compared = 0
        let text = String(decoding: bytes, as: UTF8.self)
        return TextScan.places(of: word, in: text, limit: 1, compared: &compared).first.map {
            $0..<$0 + word.utf8.count
        }
    }

    func shows(_ word: String, in turns: [Turn], tools: Bool = false) -> Bool {
        text(conversation(turns, tools: tools)).flatMap { Self.place(of: word, in: $0) } != nil
    }

    /// With a system message the text is heading, message, rest. Without one it is heading, default, rest, where there is a
    /// default; where there is none, the heading is not there.
    var defaultSystemMessage: String? {
        guard let with = text(conversation([.system, .user])), let without = text(conversation([.user])),
            let said = Self.place(of: Self.system, in: with), let user = Self.place(of: Self.user, in: with),
            let plainUser = Self.place(of: Self.user, in: without), said.upperBound <= user.lowerBound
        else { return nil }
        let heading = with[..<said.lowerBound], rest = with[said.upperBound..<user.lowerBound]
        let before = without[..<plainUser.lowerBound]
        guard before.count > heading.count + rest.count, before.starts(with: heading),
            before.suffix(rest.count).elementsEqual(rest)
        else { return nil }
        let message = Array(before[heading.count..<before.count - rest.count])
        let inside = TextScan.inside(message)
        return inside.isEmpty ? nil : String(decoding: message[inside], as: UTF8.self)
    }

    var thinkingSwitch: TemplateFacts.ThinkingSwitch? {
        for name in Self.switches {
            for turns in [[.user], [.system, .user]] as [[Turn]] {
                let off = text(conversation(turns, variables: [(name, .bool(false))]))
                let on = text(conversation(turns, variables: [(name, .bool(true))]))
                guard let off, let on, off != on else { continue }
                let usual = text(conversation(turns))
                return TemplateFacts.ThinkingSwitch(
                    variable: name,
                    isOnByDefault: usual == on ? true : usual == off ? false : nil
                )
            }
        }
        return nil
    }

    var generationPrompt: String {
        guard let with = text(conversation([.user])), let without = text(conversation([.user], generates: false)),
            with.starts(with: without)
        else { return "" }
        return String(decoding: with[without.count...], as: UTF8.self)
    }

    var endOfTurn: String? {
        /// What follows the assistant's words, up to `end`.
        func after(_ turns: [Turn], generates: Bool, until end: String?) -> ArraySlice<UInt8>? {
            guard let text = text(conversation(turns, generates: generates)),
                let said = Self.place(of: Self.assistant, in: text)
            else { return nil }
            guard let end else { return text[said.upperBound...] }
            guard let next = Self.place(of: end, in: text), next.lowerBound >= said.upperBound else { return nil }
            return text[said.upperBound..<next.lowerBound]
        }
        let last = after([.user, .assistant], generates: false, until: nil)
        let inside = after([.user, .assistant, .laterUser], generates: true, until: Self.later)
        // Both go on with the end of the turn, and differ where the next turn begins; or the next turn begins as the
        // first one did. The shorter of the two is what every answer ends with.
        var candidates: [[UInt8]] = []
        if let last, let inside {
            candidates.append(inside.starts(with: last) ? Array(last) : Self.whole(zip(last, inside)))
        } else if let last {
            candidates.append(Array(last))
        }
        if let inside, let opening = text(conversation([.user])),
            let user = Self.place(of: Self.user, in: opening)
        {
            let shared = zip(inside.reversed(), opening[..<user.lowerBound].reversed()).prefix { $0 == $1 }.count
            candidates.append(Self.whole(inside, upTo: inside.endIndex - shared))
        }
        let trimmed = candidates.map { $0[TextScan.inside($0)] }.filter { !$0.isEmpty }
        return trimmed.min { $0.count < $1.count }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The text up to `end`, or up to the next bracket that closes when a marker would be cut there.
    private static func whole(_ text: ArraySlice<UInt8>, upTo end: Int) -> [UInt8] {
        func closes(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ">") || byte == UInt8(ascii: "]") }
        if end > text.startIndex, closes(text[end - 1]) { return Array(text[..<end]) }
        return text[end...].firstIndex(where: closes).map { Array(text[...$0]) } ?? Array(text[..<end])
    }

    /// What two texts have in common at their start, up to the last bracket that closes: no marker is cut.
    private static func whole(_ pairs: Zip2Sequence<ArraySlice<UInt8>, ArraySlice<UInt8>>) -> [UInt8] {
        let shared = pairs.prefix { $0 == $1 }.map(\.0)
        let end = shared.lastIndex { $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "]") }
        return end.map { Array(shared[...$0]) } ?? []
    }

    // MARK: Thinking

    /// The family whose marker stands before the thinking of an answer, or is left open where the answer begins.
    func thinking(generationPrompt: String) -> (markers: ThinkingMarkers, isOpen: Bool)? {
        let prompt = Array(generationPrompt.utf8)
        for markers in ThinkingMarkers.known {
            guard let open = Self.place(of: markers.open, in: prompt) else { continue }
            let rest = Array(prompt[open.upperBound...])
            return (markers, Self.place(of: markers.close, in: rest) == nil)
        }
        for conversation in [
            conversation([.user, .thinkingAssistant], generates: false),
            conversation([.user], more: [Self.call(textArguments: false, thinks: true)], tools: true, generates: false),
        ] {
            guard let text = text(conversation), let said = Self.place(of: Self.thinking, in: text) else { continue }
            let before = Array(text[..<TextScan.trimmedEnd(text, 0..<said.lowerBound)])
            let found = ThinkingMarkers.known.first { markers in
                before.suffix(markers.open.utf8.count).elementsEqual(markers.open.utf8)
            }
            if let found { return (found, false) }
        }
        // Some templates write thinking only when it is asked for.
        for name in Self.switches {
            let variables = [(name: name, value: TemplateValue.bool(true))]
            guard let with = text(conversation([.user], variables: variables)),
                let without = text(conversation([.user], generates: false, variables: variables)),
                with.starts(with: without)
            else { continue }
            let prompt = Array(with[without.count...])
            let found = ThinkingMarkers.known.first { Self.place(of: $0.open, in: prompt) != nil }
            if let found { return (found, false) }
        }
        return nil
    }

    // MARK: Tools

    private static func call(textArguments: Bool, thinks: Bool = false) -> TemplateValue {
        let arguments: TemplateValue =
            textArguments
            ? .conversation("{\"\(argument)\": \"word\"}") : .mapping([argument: .conversation("word")])
        var message: KeyValuePairs<String, TemplateValue> {
            [
                "role": .template("assistant"), "content": .conversation(""),
                "tool_calls": .list([
                    .mapping([
                        "id": .template("zqcall123"), "type": .template("function"),
                        "function": .mapping(["name": .template(toolName), "arguments": arguments]),
                    ])
                ]),
            ]
        }
        guard thinks, case .mapping(var mapping) = TemplateValue.mapping(message) else { return .mapping(message) }
        mapping.set(TemplateText("reasoning_content"), to: .conversation(thinking))
        return .mapping(mapping)
    }

    /// Whether the result of a call appears, and the family that finds the call again in what the template wrote.
    var toolCalls: (showsResult: Bool, family: ToolCallFamily?)? {
        let result = TemplateValue.mapping([
            "role": .template("tool"), "tool_call_id": .template("zqcall123"), "name": .template(Self.toolName),
            "content": .conversation(Self.result),
        ])
        for textArguments in [false, true] {
            let call = Self.call(textArguments: textArguments)
            let whole = text(conversation([.user], more: [call, result], tools: true))
            guard let whole, let shown = Self.place(of: Self.result, in: whole) else { continue }
            // What the model would have written: the text after the place where its answer begins.
            let alone = text(conversation([.user], more: [call], tools: true, generates: false))
            let prompt = text(conversation([.user], tools: true))
            if let alone, let prompt, alone.starts(with: prompt) {
                return (true, Self.family(of: alone[prompt.count...], isWhole: true))
            }
            let said = Self.place(of: Self.user, in: whole)?.upperBound ?? 0
            return (
                true, said <= shown.lowerBound ? Self.family(of: whole[said..<shown.lowerBound], isWhole: false) : nil
            )
        }
        return (false, nil)
    }

    /// The family that reads the call of the probe out of what was written. What ends the turn may still be there, so
    /// the text is tried up to the last bracket of each kind as well.
    private static func family(of written: ArraySlice<UInt8>, isWhole: Bool) -> ToolCallFamily? {
        let ends = [UInt8(ascii: "}"), UInt8(ascii: "]")].compactMap { written.lastIndex(of: $0) }.map { $0 + 1 }
        let answers = ([written.endIndex] + ends).map { String(decoding: written[..<$0], as: UTF8.self) }
        return ToolCallFamily.known.first { family in
            guard isWhole || !family.isWholeAnswer else { return false }
            return answers.contains { answer in
                let calls = ToolCallAnswer(answer, family: family).calls
                guard let call = calls.first, calls.count == 1 else { return false }
                guard case .text(let word)? = call.members[argument] else { return false }
                return call.name == toolName && word.string == "word"
            }
        }
    }
}
