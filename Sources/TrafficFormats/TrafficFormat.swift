/// What a file of requests is: serin's own lines, or the form of another tool. Recognised by what is in it, never by its name.
public enum TrafficFormat: String, Sendable, CaseIterable {
    case own = "serin's own lines"
    case chat = "OpenAI chat requests"
    case batch = "OpenAI batch lines"
    case fineTune = "fine-tuning examples"
    case preference = "preference examples"
    case shareGPT = "ShareGPT conversations"
    case langfuse = "Langfuse dataset items"
    case liteLLM = "LiteLLM spend logs"
    case promptfoo = "promptfoo tests"
    case traces = "OTLP traces"
    case inspect = "an Inspect log"
    case evals = "OpenAI Evals items"
    case alpaca = "alpaca examples"
    case csv = "CSV with a header"

    /// The form of one record of a file; nil where it is of none that is known.
    init?(_ record: FileValue) {
        func has(_ names: String...) -> Bool { names.allSatisfy { record.has($0) } }
        guard record.isObject else { return nil }
        if has("resourceSpans") {
            self = .traces
        } else if has("custom_id"), has("body") || has("response") || has("error") {
            self = .batch
        } else if has("samples"), has("eval") {
            self = .inspect
        } else if has("conversations") {
            self = .shareGPT
        } else if has("request_id"), has("call_type") || has("spend") || has("startTime") {
            self = .liteLLM
        } else if has("input"), has("expectedOutput") || has("datasetId") || has("datasetName") {
            self = .langfuse
        } else if has("preferred_output") {
            self = .preference
        } else if has("vars") {
            self = .promptfoo
        } else if has("instruction") {
            self = .alpaca
        } else if record["item"]?.isObject == true || has("input", "ideal") {
            self = .evals
        } else if has("prompt", "completion") {
            self = .fineTune
        } else if let messages = record["messages"]?.list {
            self = Self.ofMessages(messages, hasID: has("id"))
        } else if has("id", "variables") {
            self = .own
        } else {
            return nil
        }
    }

    private static func ofMessages(_ messages: [FileValue], hasID: Bool) -> TrafficFormat {
        if hasID, let first = messages.first, first.has("text"), !first.has("content") { return .own }
        return messages.last?["role"]?.text == "assistant" ? .fineTune : .chat
    }
}
