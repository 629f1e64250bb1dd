import RegistryTypes
import StrictJSON

/// What becomes of each member of the body of `POST /v1/chat/completions`: it is done, it changes nothing about the
/// answer, or it is refused by its name. A member that is not here is refused too, unless it is a client's own (`x_…`): that
/// one is left out, and the answer says so. `docs/serving.md` has the same table.
enum BodyMember: String, CaseIterable, Sendable {
    case model, messages, variables, prompt
    case temperature
    case topP = "top_p"
    case topK = "top_k"
    case minP = "min_p"
    case typicalP = "typical_p"
    case repetitionPenalty = "repetition_penalty"
    case frequencyPenalty = "frequency_penalty"
    case presencePenalty = "presence_penalty"
    case logitBias = "logit_bias"
    case maxTokens = "max_tokens"
    case maxCompletionTokens = "max_completion_tokens"
    case stop, seed, n, stream
    case streamOptions = "stream_options"
    case logprobs
    case topLogprobs = "top_logprobs"
    case responseFormat = "response_format"
    case tools
    case toolChoice = "tool_choice"
    case parallelToolCalls = "parallel_tool_calls"
    case user, metadata
    case store
    case serviceTier = "service_tier"
    case promptCacheKey = "prompt_cache_key"
    case promptCacheRetention = "prompt_cache_retention"
    case safetyIdentifier = "safety_identifier"
    case functions
    case functionCall = "function_call"
    case audio, prediction, modalities, moderation, verbosity
    case webSearchOptions = "web_search_options"
    case reasoningEffort = "reasoning_effort"

    /// What becomes of a member.
    enum Treatment: String, CaseIterable, Sendable {
        /// What it asks for is done.
        case done
        /// It is about billing, caches or book-keeping, and the answer is the same with it and without.
        case ignored
        /// It would change the answer, and is not done.
        case refused
    }

    /// What becomes of it.
    var treatment: Treatment {
        switch self {
        case .model, .messages, .variables, .prompt, .temperature, .topP, .topK, .minP, .typicalP, .repetitionPenalty,
            .frequencyPenalty, .presencePenalty, .logitBias, .maxTokens, .maxCompletionTokens, .stop, .seed, .n,
            .stream,
            .streamOptions, .logprobs, .topLogprobs, .responseFormat, .tools, .toolChoice, .parallelToolCalls, .user,
            .metadata:
            .done
        case .store, .serviceTier, .promptCacheKey, .promptCacheRetention, .safetyIdentifier: .ignored
        case .functions, .functionCall, .audio, .prediction, .modalities, .moderation, .verbosity, .webSearchOptions,
            .reasoningEffort:
            .refused
        }
    }

    /// Whether a value of a refused member asks for what happens anyway.
    func isUsual(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.modalities, .array([.string("text")])), (.verbosity, .string("medium")): true
        case (.audio, .object(let members)), (.prediction, .object(let members)),
            (.webSearchOptions, .object(let members)):
            members.isEmpty
        default: false
        }
    }
}

extension RequestFields {
    /// Refuses what would change the answer if it were done, and is not done; and what nobody here knows.
    func refuseUnsupported() throws(GatewayError) {
        try refuseTools()
        for name in names {
            guard let value = self[name] else { continue }
            guard let member = BodyMember(rawValue: name) else {
                if Self.isExtension(name) { continue }
                try refuseUnknown(name, of: BodyMember.allCases.filter { $0.treatment == .done }.map(\.rawValue))
                continue
            }
            switch member.treatment {
            case .done, .ignored: continue
            case .refused where member == .functions || member == .functionCall: continue
            case .refused where member.isUsual(value): continue
            case .refused: throw .unsupported("\(name) is not done here: leave it out", param: name)
            }
        }
    }

    /// Members that a client has for itself, in the order of their names: nothing here reads them.
    var extensions: [String] { names.filter { self[$0] != nil && Self.isExtension($0) }.sorted() }

    /// Whether a name is one of those that are nobody's setting: `x_` or `x-`, then letters, digits, `_` and `-`. Such a
    /// name can stand in a header.
    private static func isExtension(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (3...64).contains(bytes.count), bytes[0] == UInt8(ascii: "x") else { return false }
        guard bytes[1] == UInt8(ascii: "_") || bytes[1] == UInt8(ascii: "-") else { return false }
        return bytes.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        }
    }

    /// Refuses members that are not among `known`; what is `null` is not there.
    func refuseUnknown(but known: [String]) throws(GatewayError) {
        for name in names where self[name] != nil && !known.contains(name) { try refuseUnknown(name, of: known) }
    }

    /// Refuses a member that nobody here knows, with the one that may have been meant.
    private func refuseUnknown(_ name: String, of known: [String]) throws(GatewayError) {
        let shown = ShownText.of(name)
        let near =
            NearNames.nearest(to: name, in: known, count: 1).first.map { ": did you mean \($0)?" } ?? ": leave it out"
        throw .unsupported("\(path(shown)) is not known here\(near)", param: path(shown))
    }

    /// A model may always answer without its tools; a request that forces one cannot be served, nor one that has them in
    /// the form before `tools`.
    private func refuseTools() throws(GatewayError) {
        for choice in ["tool_choice", "function_call"] {
            switch self[choice] {
            case nil, .string("auto"), .string("none"): continue
            case .string, .object:
                throw .unsupported("no model is made to call a tool: send \(choice) auto or none", param: choice)
            case .some(let value): throw wrongType(choice, value, "a string or an object")
            }
        }
        if let functions = try list("functions"), !functions.isEmpty, self["function_call"] != .string("none") {
            throw .unsupported("functions are not supported: send them as tools", param: "functions")
        }
    }
}
