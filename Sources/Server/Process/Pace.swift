/// Whether whoever is at the other end of a connection sends too slowly to be served: slow headers and slow bodies
/// hold a connection that others need.
///
/// Somebody who waits for an answer sends nothing and is never slow; somebody who drips bytes is.
struct SenderPace: Sendable {
    /// Seconds after which a request that is still arriving must have come at a decent rate.
    static let grace = 30.0
    /// The least bytes per second of a request that takes longer than ``grace``.
    static let minRate = 512.0
    /// Bytes that come this long after the first, in seconds, are a request still arriving.
    static let arrival = 10.0

    private var first: Double?
    private var last = 0.0
    private var bytes = 0

    /// Bytes came at `now` (seconds).
    mutating func received(_ count: Int, at now: Double) {
        if first == nil { first = now }
        last = now
        bytes += count
    }

    /// An answer, or a part of one, was sent: what came before it arrived fast enough.
    mutating func sent() {
        first = nil
        bytes = 0
    }

    /// Whether the connection should be closed.
    func isTooSlow(at now: Double) -> Bool {
        guard let first, now - first >= SenderPace.grace, last - first >= SenderPace.arrival else { return false }
        return Double(bytes) < (now - first) * SenderPace.minRate
    }
}

/// Whether whoever is at the other end of a connection reads so slowly that what is kept for it must be given up.
///
/// A reader that takes nothing for a while although there is more than the connection's buffers hold is too slow; one
/// to whom nothing is sent is not.
struct ReaderPace: Sendable {
    /// Seconds that a full buffer may stay full.
    static let grace = 30.0

    private var fullSince: Double?

    /// The buffer became full, or has room again, at `now` (seconds).
    mutating func changed(isFull: Bool, at now: Double) { fullSince = isFull ? (fullSince ?? now) : nil }

    /// Whether the connection should be closed.
    func isTooSlow(at now: Double) -> Bool { fullSince.map { now - $0 >= ReaderPace.grace } ?? false }
}
