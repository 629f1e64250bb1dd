import RegistryTypes
import Synchronization
import WireFormat

/// The jobs that this process works on, so that a person can end one.
final class RunningJobs: Sendable {
    private let tasks = Mutex<[JobID: Task<Void, any Error>]>([:])

    /// Does `work` until it ends, is cancelled by ``cancel(_:)``, or whoever waits for it is.
    func run(_ id: JobID, _ work: @escaping @Sendable () async throws -> Void) async throws {
        let task = Task { try await work() }
        tasks.withLock { $0[id] = task }
        defer { tasks.withLock { $0[id] = nil } }
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Ends the work on a job; nothing when there is none.
    func cancel(_ id: JobID) { tasks.withLock { $0[id] }?.cancel() }
}

extension CancelRequest {
    /// What the log says of it, such as `cancelled by anna: wrong set`.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badRequest`.
    func reason(by caller: Caller) throws(ControlPlaneError) -> String {
        guard let reason else { return "cancelled by \(caller.name)" }
        return "cancelled by \(caller.name): \(try Remark.check(reason, called: "reason"))"
    }
}
