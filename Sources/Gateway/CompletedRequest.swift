public import RegistryTypes

/// A request that is over, with its texts as they were: in memory only, nothing is redacted yet.
public struct CompletedRequest: Sendable {
    /// What is known of it.
    public let record: RequestRecord
    /// What was asked and answered, unredacted.
    public let body: RequestBody

    /// Makes the value from its fields.
    public init(record: RequestRecord, body: RequestBody) {
        self.record = record
        self.body = body
    }
}
