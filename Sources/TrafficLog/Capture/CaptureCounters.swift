/// How the capture went since the server started.
public struct CaptureCounters: Hashable, Sendable {
    /// Why a request was not stored.
    public enum Drop: String, Sendable, CaseIterable {
        /// Too many requests or bytes were waiting.
        case queueFull = "queue full"
        /// The disk had no room.
        case diskFull = "disk full"
        /// The file could not be written for another reason.
        case error
        /// The server was stopping.
        case closed
    }

    /// Requests offered, without those whose policy keeps nothing.
    public var offered = 0
    /// Of those, the ones on disk.
    public var stored = 0
    /// Of those, the ones that were not stored, by reason.
    public var dropped: [Drop: Int] = [:]
    /// Requests that wait.
    public var waiting = 0
    /// Bytes of the texts that wait.
    public var waitingBytes = 0
    /// The last error of a file; nil when there was none.
    public var lastError: String?

    /// Nothing happened yet.
    public init() {}
}
