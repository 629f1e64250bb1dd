/// Lets labels in one after the other. Each is on disk with the time at which it counts before it is added to the counts:
/// in this order the last one counted says how far all are, see `RollupBatch.marks`.
actor LabelTurns {
    private var last: Task<Void, Never>?

    /// Runs `body` when those before it are done.
    func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let before = last
        // A task of its own: a caller that leaves must not keep a label that is on disk from counting.
        let task = Task { () async throws -> Value in
            await before?.value
            return try await body()
        }
        last = Task { _ = await task.result }
        return try await task.value
    }
}
