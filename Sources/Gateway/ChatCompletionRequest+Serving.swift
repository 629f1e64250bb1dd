import RegistryTypes
import ReleaseRuntime
import StrictJSON
import UserDocuments

/// What a request means to the release that answers it.
extension ChatCompletionRequest {
    /// The release's settings with what the request changes. It may ask for less text than the release allows, never
    /// for more; and what ends the release's answers ends these too.
    func decoding(for release: LoadedRelease) -> DecodingSettings {
        var decoding = release.decoding
        if let temperature { decoding.temperature = temperature }
        // 0 keeps only the most likely token, and so does the smallest number above it, which the engine takes.
        if let topP { decoding.topP = topP > 0 ? topP : .leastNonzeroMagnitude }
        if let maxTokens { decoding.maxTokens = min(decoding.maxTokens, maxTokens) }
        decoding.stop += stop
        return decoding
    }

    /// What the request changed of the settings, for the record.
    var settings: [String: JSONValue] {
        var settings: [String: JSONValue] = [:]
        if let temperature { settings["temperature"] = .number(temperature) }
        if let topP { settings["topP"] = .number(topP) }
        if let maxTokens { settings["maxTokens"] = .number(Double(maxTokens)) }
        if !stop.isEmpty { settings["stop"] = .array(stop.map { .string($0) }) }
        if choices > 1 { settings["choices"] = .number(Double(choices)) }
        if wantsJSON { settings["format"] = .string("json") }
        return settings
    }

    /// The input as the release's prompt takes it. A single message to a prompt with one required variable is that
    /// variable's value: so capture, freezing and replay see the same thing, however it was sent.
    ///
    /// - Throws: ``GatewayError/invalid(_:param:)`` for values for another prompt than the release's.
    func servingInput(for route: GatewayRoute) throws(GatewayError) -> AnswerRequest.Input {
        switch input {
        case .variables(let values, let prompt):
            guard prompt == nil || prompt == route.prompt.name.text || prompt == route.prompt.description else {
                throw .invalid(
                    "\(route.release) has prompt \(route.prompt), not \"\(ShownText.of(prompt ?? ""))\"",
                    param: "prompt"
                )
            }
            return .variables(values)
        case .messages(let messages):
            let required = route.loaded.prompt.variables.filter(\.isRequired)
            guard messages.count == 1, messages[0].role == .user, required.count == 1 else {
                return .messages(messages)
            }
            return .variables([required[0].name: messages[0].text])
        }
    }
}
