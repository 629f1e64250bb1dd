import StrictJSON

extension ChatCompletionRequest {
    /// The most bytes of a body: many times what any context holds, so that a prompt that is too long is told so.
    static let limitBytes = 4 << 20

    /// Reads a body.
    ///
    /// - Throws: ``GatewayError/notJSON(_:)``, ``GatewayError/invalid(_:param:)``, ``GatewayError/unsupported(_:param:)``.
    init(_ bytes: [UInt8]) throws(GatewayError) {
        guard bytes.count <= Self.limitBytes else { throw .tooLarge(limitBytes: Self.limitBytes) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notJSON("it is not UTF-8") }
        let value: JSONValue
        do {
            value = try JSONText.parse(text)
        } catch {
            throw .notJSON("\(error)")
        }
        guard case .object(let members) = value else { throw .invalid("the body must be an object", param: nil) }
        let fields = RequestFields(members)
        try fields.refuseUnsupported()
        guard let model = try fields.text("model") else { throw .invalid("model is missing", param: "model") }
        self.init(model: model, input: try fields.input())
        temperature = try fields.number("temperature", in: 0...2)
        topP = try fields.number("top_p", in: 0...1)
        let newName = try fields.count("max_completion_tokens", in: 1...1_000_000)
        let oldName = try fields.count("max_tokens", in: 1...1_000_000)
        maxTokens = newName ?? oldName
        stop = try fields.stop()
        seed = try fields.seed()
        choices = try fields.count("n", in: 1...8) ?? 1
        isStreamed = try fields.flag("stream") ?? false
        wantsUsage = try fields.wantsUsage(isStreamed: isStreamed)
        wantsLogProbabilities = try fields.flag("logprobs") ?? false
        alternatives = try fields.count("top_logprobs", in: 0...20) ?? 0
        if alternatives > 0, !wantsLogProbabilities {
            throw .invalid("top_logprobs needs logprobs: true", param: "top_logprobs")
        }
        wantsJSON = try fields.wantsJSON()
        user = try fields.text("user")
        conversation = try fields.conversation()
    }
}
