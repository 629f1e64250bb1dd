import RegistryTypes

/// What `POST /v1/chat/completions` asks for. Every value is in its range; what serin does not know is not in it.
struct ChatCompletionRequest: Hashable, Sendable {
    /// What the model shall continue.
    enum Input: Hashable, Sendable {
        /// A conversation.
        case messages([ChatMessage])
        /// Values for the release's prompt; when a prompt is named, it must be that one.
        case variables([String: String], prompt: String?)
    }

    /// The reference, as written.
    var model: String
    var input: Input
    /// 0...2; nil for what the release says.
    var temperature: Double?
    /// 0...1; nil for what the release says.
    var topP: Double?
    /// From 1 on; nil for what the release says.
    var maxTokens: Int?
    /// At most four; they end the answer besides those of the release.
    var stop: [String] = []
    /// Nil for one drawn at random.
    var seed: UInt64?
    /// 1...8.
    var choices = 1
    var isStreamed = false
    /// Whether a stream ends with a chunk that counts the tokens.
    var wantsUsage = false
    var wantsLogProbabilities = false
    /// 0...20 for each token.
    var alternatives = 0
    /// Whether the answer is checked to be a JSON object.
    var wantsJSON = false
    /// Who asks, in the caller's words.
    var user: String?
    /// What the request belongs to, in the caller's words.
    var conversation: String?

    /// Whether it came as messages.
    var isConversation: Bool {
        if case .messages = input { true } else { false }
    }
}
