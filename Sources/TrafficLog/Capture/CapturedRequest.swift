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
