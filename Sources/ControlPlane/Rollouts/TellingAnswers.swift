import RegistryTypes
import UserDocuments

/// Which answers say how a release serves: whole ones, given as the release makes them. What a caller cut short or asked
/// for in its own way says nothing of it, and nothing settles by it.
struct TellingAnswers: Hashable, Sendable {
    /// Whether its prompt has a schema, so that every answer as it makes them is judged.
    let hasSchema: Bool
    /// The most tokens of an answer; nil where it is not known.
    let maxTokens: Int?

    /// Of a release of which nothing is known: every answer that was not cut.
    init() {
        hasSchema = false
        maxTokens = nil
    }

    /// Of a release as it is served; nil when it is not loaded.
    init(_ plan: ReleasePlan?) {
        hasSchema = plan?.prompt.output != nil
        maxTokens = plan?.content.decoding.maxTokens
    }

    /// Whether an answer is one of them.
    func contain(_ record: RequestRecord) -> Bool {
        guard record.outcome == .answered, record.changesRelease != true else { return false }
        if record.isOutputValid != nil { return true }
        // With a schema, an answer that was not judged was cut at the caller's wish.
        guard !hasSchema else { return false }
        guard record.finish == "length", let maxTokens else { return true }
        return (record.outputTokens ?? 0) >= maxTokens
    }
}
