public import RegistryTypes

/// All about a request.
public struct RequestView: Hashable, Sendable, Codable {
    /// What is known of it.
    public let record: RequestRecord
    /// Its texts after redaction; nil when they were not kept.
    public let body: RequestBody?
    /// What was said of it, newest first.
    public let labels: [RequestLabel]
    /// What is wrong with the first answer by its prompt's schema.
    public let problems: [String]

    /// Makes the value from its fields.
    public init(record: RequestRecord, body: RequestBody? = nil, labels: [RequestLabel], problems: [String]) {
        self.record = record
        self.body = body
        self.labels = labels
        self.problems = problems
    }
}
