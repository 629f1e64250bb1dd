/// Wakes a loop that looks for work. A signal while the loop is busy is remembered once.
struct WorkSignal: Sendable {
    /// The signals, for one loop.
    let signals: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    /// A signal that was sent once, so that the loop looks for work left from before.
    init() {
        (signals, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        continuation.yield()
    }

    /// Wakes the loop.
    func send() { continuation.yield() }
}
