/// How far a piece of work is.
public struct WorkProgress: Hashable, Sendable, Codable {
    /// Parts done.
    public let done: Int
    /// Parts in all.
    public let total: Int
    /// Wall seconds so far, without time the server was down.
    public let elapsedSeconds: Double

    /// Makes the value from its fields.
    public init(done: Int, total: Int, elapsedSeconds: Double) {
        self.done = done
        self.total = total
        self.elapsedSeconds = elapsedSeconds
    }

    /// Seconds left at the pace so far; nil before the first part is done.
    public var remainingSeconds: Double? { done > 0 ? elapsedSeconds / Double(done) * Double(total - done) : nil }
}
