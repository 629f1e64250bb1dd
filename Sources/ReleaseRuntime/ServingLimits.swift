/// What a serving engine takes on.
public struct ServingLimits: Sendable, Equatable {
    /// Most answers generated at the same time; a request with `n` choices counts `n` times.
    public var maxSequences: Int
    /// Most requests that wait for their turn; the next one is refused.
    public var maxQueued: Int
    /// Most bytes of the key-value cache; never more than `maxSequences` full contexts need.
    public var cacheBytes: Int

    /// Limits of a serving engine; each is at least 1 (`maxQueued`: at least 0).
    public init(maxSequences: Int = 32, maxQueued: Int = 256, cacheBytes: Int = 256 << 20) {
        self.maxSequences = max(1, maxSequences)
        self.maxQueued = max(0, maxQueued)
        self.cacheBytes = max(1, cacheBytes)
    }
}
