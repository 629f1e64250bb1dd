public import RegistryTypes
import UserDocuments

extension LoadedRelease {
    /// The token ids of a conversation in the format of the release's prompt, up to where the answer begins.
    ///
    /// The system messages at the beginning of the prompt belong to the release and come first, unless the conversation
    /// has a system message of its own. What the messages say is never read as special tokens.
    /// - Throws: ``ReleaseRuntimeError/noMessageFormat(prompt:)``, ``ReleaseRuntimeError/noMessages``,
    ///   ``ReleaseRuntimeError/messagesNeedVariable(_:prompt:)``, ``ReleaseRuntimeError/promptTooLong(tokens:contextLength:)``
    ///   or `PromptError`.
    public func render(_ messages: [ChatMessage]) throws -> [Int] {
        guard prompt.format != .raw else { throw ReleaseRuntimeError.noMessageFormat(prompt: prompt.name) }
        guard !messages.isEmpty else { throw ReleaseRuntimeError.noMessages }
        let own = messages.contains { $0.role == .system } ? [] : try systemMessages()
        let sent = messages.map { RenderedMessage(role: $0.role, segments: [.value($0.text)]) }
        return try tokens(of: prompt.format.segments(of: own + sent))
    }

    /// The prompt's system messages before the first other one; optional variables stay empty.
    private func systemMessages() throws -> [RenderedMessage] {
        try prompt.messages.prefix { $0.role == .system }.map { message in
            let template = try PromptTemplate(message.text)
            for name in template.names where prompt.variables.contains(where: { $0.name == name && $0.isRequired }) {
                throw ReleaseRuntimeError.messagesNeedVariable(name, prompt: prompt.name)
            }
            return RenderedMessage(role: .system, segments: template.segments(with: [:]))
        }
    }
}
