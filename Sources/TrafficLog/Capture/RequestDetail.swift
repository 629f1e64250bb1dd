public import RegistryTypes

/// All that the log holds of one request.
public struct RequestDetail: Hashable, Sendable {
    /// The request.
    public let request: StoredRequest
    /// Its texts after redaction; nil when they were not kept or cannot be read, see ``problem``.
    public let body: RequestBody?
    /// The marks of the placeholders in them, for the redaction of later labels.
    public let marks: [String: String]
    /// What was said of it, newest first; all of it, also what no longer counts.
    public let labels: [RequestLabel]
    /// Why texts that were kept cannot be read; nil when they can.
    public let problem: String?
}
