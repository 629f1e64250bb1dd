import Synchronization

/// Who waits for which connection: a client that goes away before its answer ends the work for it.
///
/// The HTTP library reports a closed connection to whoever reads or writes it, and a handler that computes does neither.
final class Disconnects: Sendable {
    private let waiting = Mutex<[ObjectIdentifier: @Sendable () -> Void]>([:])

    /// Does `work` for the client of a connection, and cancels it when the client goes away.
    func watching<Value: Sendable>(
        _ connection: ObjectIdentifier,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        // Waited for here: cancelling it must not need this task, which is not the connection's.
        let task = Task { try await work() }
        waiting.withLock { $0[connection] = { task.cancel() } }
        defer { waiting.withLock { $0[connection] = nil } }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// The client of a connection is gone.
    func left(_ connection: ObjectIdentifier) { waiting.withLock { $0[connection] }?() }
}
