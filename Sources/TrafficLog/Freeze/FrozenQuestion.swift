import RegistryTypes
import StrictJSON
import TrafficFormats

/// What a captured request asks, so that another release can be asked the same; why not, where it cannot.
struct FrozenQuestion {
    /// Its texts.
    let line: BodyLine
    /// What is asked.
    let content: TrafficRequest.Content
    /// What it changed of the release's settings; nil for nothing.
    let settings: [String: JSONValue]?

    /// Settings that change no answer: the form that it is checked for, and how many more are drawn beside the first.
    private static let harmless: Set = ["format", "choices"]
    /// Settings that end an answer sooner.
    private static let limits: Set = ["maxTokens", "stop"]

    /// Reads what was kept of a request; `line` is nil where it cannot be read.
    init(_ record: RequestRecord, _ line: BodyLine?) throws(FreezeFacts.Skip.Reason) {
        guard let line else { throw .init(.unreadable) }
        self.line = line
        if let messages = line.messages, !messages.isEmpty {
            content = .messages(messages)
        } else if let variables = line.variables, !variables.isEmpty {
            content = .variables(variables)
        } else {
            throw .init(.unreadable)
        }
        settings = try Self.settings(record, line)
        // Without its tools it would be another request.
        guard line.tools.map(TrafficRequest.isToolList) != false else { throw .init(.redactedTools) }
        for call in (line.messages ?? []).flatMap({ $0.calls ?? [] }) where (try? JSONText.parse(call.arguments)) == nil
        {
            throw .init(.redactedCalls)
        }
    }

    /// What it changed and another release is to be asked with. A limit of its own that ended nothing is none.
    private static func settings(
        _ record: RequestRecord,
        _ line: BodyLine
    ) throws(FreezeFacts.Skip.Reason) -> [String: JSONValue]? {
        guard record.isCutByRequest != true else { throw .init(.cutShort) }
        let own = (line.settings ?? [:]).filter { !harmless.contains($0.key) }
        if record.changesRelease == false, record.isCutByRequest == false { return nil }
        // Builds before did not tell whether a setting changed or cut an answer: any is one too many there.
        guard own.isEmpty || (record.changesRelease != nil && record.isCutByRequest != nil) else {
            throw .init(.ownSettings)
        }
        let sampling = own.filter { !limits.contains($0.key) }
        guard DecodingSettings.problem(of: sampling) == nil else { throw .init(.ownSettings) }
        // What else makes an answer another one is in the request itself: tools, a system message, a form that is checked.
        let isTold =
            !sampling.isEmpty || line.tools != nil || line.settings?["format"] != nil
            || line.messages?.contains { $0.role == .system } == true
        guard record.changesRelease != true || isTold else { throw .init(.ownSettings) }
        return sampling.isEmpty ? nil : sampling
    }
}

extension FreezeFacts.Skip {
    /// Thrown where a request cannot be taken.
    struct Reason: Error {
        let skip: FreezeFacts.Skip

        init(_ skip: FreezeFacts.Skip) { self.skip = skip }
    }
}
