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
