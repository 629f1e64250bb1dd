import TrafficLog

/// Stores the pairs of a run as they come: those that come while it writes go into the next transaction together.
///
/// An actor, because the pairs in flight share it.
actor SampleWriter {
    private let store: SampleStore
    private let progress: @Sendable (_ done: Int, _ elapsedSeconds: Double) -> Void
    private let start = ContinuousClock.now
    private let before: Double
    private var done: Int
    private var lastWrite: ContinuousClock.Instant
    private var waiting: [SamplePair] = []
    private var isWriting = false

    /// A writer of a run of which `done` pairs are stored, after `before` seconds of work.
    init(
        _ store: SampleStore,
        done: Int,
        before: Double,
        _ progress: @escaping @Sendable (_ done: Int, _ elapsedSeconds: Double) -> Void
    ) {
        self.store = store
        self.done = done
        self.before = before
        self.progress = progress
        lastWrite = start
    }

    /// Says how far the run is.
    func report() { progress(done, before + start.duration(to: .now) / .seconds(1)) }

    /// Stores a pair, now or with the next ones. Once all calls have returned, all pairs are stored.
    func add(_ pair: SamplePair) async throws {
        waiting.append(pair)
        guard !isWriting else { return }
        isWriting = true
        defer { isWriting = false }
        while !waiting.isEmpty {
            let pairs = waiting
            waiting = []
            let now = ContinuousClock.now
            try await store.insert(pairs, elapsedSeconds: lastWrite.duration(to: now) / .seconds(1))
            lastWrite = now
            for _ in pairs {
                done += 1
                report()
            }
        }
    }
}
