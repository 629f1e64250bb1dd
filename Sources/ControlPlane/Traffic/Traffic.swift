/// Requests: frozen in sets, captured from applications, and made one at a time.
public struct Traffic: Sendable {
    /// Frozen sets.
    public let sets: TrafficSets
    /// What was captured.
    public let requests: CapturedRequests
    /// Single requests outside the gateway.
    public let answering: Answering
}
