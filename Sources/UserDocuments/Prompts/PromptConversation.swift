public import RegistryTypes

/// What a conversation becomes in a prompt: the prompt's own messages stay where its author put them, and each message of
/// the user stands in the place of the prompt's variable. So a conversation of one message is the request that the value
/// of the variable would be, and no caller takes the prompt away by how it asks.
public enum PromptTurn: Hashable, Sendable {
    /// Written by the prompt's author, with what came with the request in its places.
    case authored(RenderedMessage)
    /// Sent with the request, as it is.
    case sent(ChatMessage)
}

/// What becomes of a system message that comes with a request.
public enum ClientSystem: String, Codable, Sendable, CaseIterable {
    /// The request is refused.
    case refuse
    /// It is added to what the prompt's own system message says.
    case append
    /// It stands in the place of the prompt's own system messages.
    case replace
}

extension PromptDocument {
    /// What becomes of a client's system message: as the document says; else it is refused where the prompt has one of
    /// its own, and taken where there is none.
    public var clientSystemRule: ClientSystem {
        clientSystem ?? (messages.contains { $0.role == .system } ? .refuse : .append)
    }

    /// ``clientSystemRule`` in words.
    public var clientSystemWords: String {
        switch clientSystemRule {
        case .refuse: "refused"
        case .append where messages.contains { $0.role == .system }: "added to its own"
        case .append: "taken"
        case .replace: "put in the place of its own"
        }
    }

    /// A conversation as the prompt takes it.
    ///
    /// - Throws: ``PromptError``: `systemRefused`; `systemAfterTurns`; `noUserMessage`; `messagesNeedVariable` and `noPlaceForMessages` where a message cannot
    ///   stand in the prompt; `valueTooLong` for a message of the user that is longer than its variable may be.
    public func turns(of conversation: [ChatMessage]) throws(PromptError) -> [PromptTurn] {
        let rule = clientSystemRule
        if rule == .refuse, let index = conversation.firstIndex(where: { $0.role == .system }) {
            throw .systemRefused(index: index, prompt: name)
        }
        let replaces = rule == .replace && conversation.contains { $0.role == .system }
        let system = messages.prefix { $0.role == .system }.count
        let place = try placeForMessages(besides: replaces ? system : 0)
        let leading = conversation.prefix { $0.role == .system }, rest = conversation.dropFirst(leading.count)
        if system > 0, let index = rest.firstIndex(where: { $0.role == .system }) {
            throw .systemAfterTurns(index: index, prompt: name)
        }
        if let variable = place?.variable, variable.isRequired, !rest.contains(where: { $0.role == .user }) {
            throw .noUserMessage(variable.name, prompt: name)
        }
        let joins = system > 0 && !replaces
        var turns: [PromptTurn] = joins ? [] : leading.map { .sent($0) }
        for (index, message) in messages.enumerated() where index >= system || !replaces {
            guard index != place?.index else {
                turns += try spoken(rest, in: place)
                continue
            }
            var segments = try PromptTemplate(message.text).segments(with: [:])
            // One system message, as all templates take it.
            if joins, index == system - 1 {
                for own in leading { segments = PromptSegment.merged(segments + [.literal("\n\n"), .value(own.text)]) }
            }
            turns.append(.authored(RenderedMessage(role: message.role, segments: segments)))
        }
        return place == nil ? turns + (try spoken(rest, in: nil)) : turns
    }

    /// Which of the prompt's messages a message of the user stands in, and for which variable.
    private struct Place {
        let index: Int
        let variable: PromptVariable
        let template: PromptTemplate
    }

    /// The place of the only required variable, or of the only variable; nil for a prompt of system messages alone, behind
    /// which a conversation goes as it is.
    ///
    /// - Parameter replaced: How many of the first messages the request stands in for: what they need is not needed.
    private func placeForMessages(besides replaced: Int) throws(PromptError) -> Place? {
        var used: [(index: Int, template: PromptTemplate)] = []
        for (index, message) in messages.enumerated() where index >= replaced {
            used.append((index, try PromptTemplate(message.text)))
        }
        let needed = variables.filter { variable in
            variable.isRequired && used.contains { $0.template.names.contains(variable.name) }
        }
        if needed.count > 1 {
            let spoken = used.filter { messages[$0.index].role == .user }.flatMap(\.template.names)
            let other = needed.first { !spoken.contains($0.name) } ?? needed[1]
            throw .messagesNeedVariable(other.name, prompt: name)
        }
        guard let variable = needed.first ?? (variables.count == 1 ? variables.first : nil) else {
            guard used.allSatisfy({ messages[$0.index].role == .system }) else {
                throw .noPlaceForMessages(prompt: name)
            }
            return nil
        }
        let places = used.filter { $0.template.names.contains(variable.name) }
        if places.count == 1, let place = places.first, messages[place.index].role == .user {
            return Place(index: place.index, variable: variable, template: place.template)
        }
        if variable.isRequired { throw .messagesNeedVariable(variable.name, prompt: name) }
        guard used.allSatisfy({ messages[$0.index].role == .system }) else { throw .noPlaceForMessages(prompt: name) }
        return nil
    }

    /// The messages that were sent, those of the user in their place.
    private func spoken(_ conversation: ArraySlice<ChatMessage>, in place: Place?) throws(PromptError) -> [PromptTurn] {
        var turns: [PromptTurn] = []
        for message in conversation {
            guard let place, message.role == .user else {
                turns.append(.sent(message))
                continue
            }
            try place.variable.check(message.text, prompt: name)
            let segments = place.template.segments(with: [place.variable.name: message.text])
            turns.append(.authored(RenderedMessage(role: .user, segments: segments)))
        }
        return turns
    }
}

extension PromptVariable {
    /// Refuses a value that is longer than it may be.
    func check(_ value: String, prompt: Name) throws(PromptError) {
        guard let maxLength else { return }
        let length = value.unicodeScalars.count
        if length > maxLength { throw .valueTooLong(name, prompt: prompt, length: length, limit: maxLength) }
    }
}
