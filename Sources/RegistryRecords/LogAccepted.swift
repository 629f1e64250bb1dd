public import Digests
import RegistryTypes

/// A person took a log as it is, although events of it that were acknowledged are missed: the first event after those that are
/// left. The hash tells a copy of the folder that still has them.
public struct LogAccepted: EventBody {
    public static let kind = "log.accepted"

    /// The newest event that had been acknowledged.
    public let acknowledged: Int
    /// Its hash, by which a copy of the folder is known again.
    public let acknowledgedHash: Digest
    /// The last event that was found; 0 for none.
    public let found: Int
    /// Why the person took it.
    public let reason: String

    public var subject: String { "log" }

    /// From the event that had been acknowledged to the one at which the log goes on.
    public var change: EventChange { EventChange(from: "#\(acknowledged)", to: "#\(found)", reason: reason) }

    /// Makes the value from its fields.
    public init(acknowledged: Int, acknowledgedHash: Digest, found: Int, reason: String) {
        self.acknowledged = acknowledged
        self.acknowledgedHash = acknowledgedHash
        self.found = found
        self.reason = reason
    }
}
