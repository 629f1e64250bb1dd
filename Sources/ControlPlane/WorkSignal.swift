import Synchronization

/// Wakes a loop that looks for work. A ring while the loop is busy is remembered once.
struct WorkSignal: Sendable {
    /// The rings, for one loop.
    let rings: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    /// A bell that has been rung once, so that the loop looks for work left from before.
    init() {
        (rings, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        continuation.yield()
    }

    /// Wakes the loop.
    func ring() { continuation.yield() }
}
