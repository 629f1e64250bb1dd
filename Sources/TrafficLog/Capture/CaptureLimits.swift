/// How much the capture holds in memory and how long it waits.
public struct CaptureLimits: Hashable, Sendable {
    /// The most requests that wait.
    public var requests: Int
    /// The most bytes of texts that wait.
    public var bytes: Int
    /// The most requests in one write.
    public var batch: Int
    /// How long a request waits for others to be written with, in milliseconds.
    public var delayMilliseconds: Int

    /// Limits; each at least 1.
    public init(requests: Int = 20_000, bytes: Int = 64 << 20, batch: Int = 200, delayMilliseconds: Int = 250) {
        self.requests = max(1, requests)
        self.bytes = max(1, bytes)
        self.batch = max(1, batch)
        self.delayMilliseconds = max(1, delayMilliseconds)
    }
}
