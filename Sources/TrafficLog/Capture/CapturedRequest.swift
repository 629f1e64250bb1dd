public import Foundation
public import RegistryTypes

/// One request on its way into the log.
public struct CapturedRequest: Sendable {
    /// What is known of it.
    public let record: RequestRecord
    /// Its texts; nil when they are not kept.
    public let body: RedactedBody?
    /// What drift analysis measured of its texts, as the caller encodes it.
    public let descriptors: Data?

    /// Whether the texts are larger than is kept, so that they were not even redacted.
    let isTooLarge: Bool

    /// A request to be stored.
    public init(_ record: RequestRecord, body: RedactedBody? = nil, descriptors: Data? = nil) {
        self.init(record, body: body, descriptors: descriptors, isTooLarge: false)
    }

    init(_ record: RequestRecord, body: RedactedBody?, descriptors: Data?, isTooLarge: Bool) {
        self.record = record
        self.body = body
        self.descriptors = descriptors
        self.isTooLarge = isTooLarge
    }
}

/// One request as the log holds it, without its texts.
public struct StoredRequest: Hashable, Sendable {
    /// What is known of it.
    public let record: RequestRecord
    /// What was said of it.
    public let label: LabelState
    /// Of that, what counts: said by somebody with a role, or by callers as far as others bear it out.
    public let counted: LabelState
    /// Whether its texts can be read.
    public let body: BodyState
    /// What drift analysis measured of its texts; nil when it did not.
    public let descriptors: Data?
    /// The day whose file holds it.
    public let day: TrafficDay
    /// Its place in that file: later requests have greater numbers.
    public let sequence: Int64
}

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
