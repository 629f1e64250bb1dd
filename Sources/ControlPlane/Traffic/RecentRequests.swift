import RegistryRecords
import RegistryTypes
import Synchronization

/// The newest requests in memory: a label that comes right after an answer finds its request before it is on disk, and
/// an incident finds the requests that went wrong.
final class RecentRequests: Sendable {
    private struct State {
        var records: [RequestID: RequestRecord] = [:]
        /// The ids in the order they came, oldest first from `start` on.
        var order: [RequestID] = []
        var start = 0
        var bad: [BadKey: [RequestID]] = [:]
    }

    private struct BadKey: Hashable {
        let model: Name
        let family: IncidentFamily
    }

    private let state = Mutex(State())
    /// Requests that are remembered.
    private static let count = 8192
    /// Bad requests that are remembered for each model and family.
    private static let badCount = 40

    /// Remembers a request.
    func add(_ record: RequestRecord) {
        state.withLock { state in
            if state.records.updateValue(record, forKey: record.id) == nil { state.order.append(record.id) }
            while state.records.count > Self.count, state.start < state.order.count {
                state.records[state.order[state.start]] = nil
                state.start += 1
            }
            if state.start > Self.count {
                state.order.removeFirst(state.start)
                state.start = 0
            }
        }
    }

    /// Remembers that a request was bad in what an incident of `family` is about.
    func addBad(_ record: RequestRecord, _ family: IncidentFamily) {
        state.withLock { state in
            let key = BadKey(model: record.model, family: family)
            var ids = state.bad[key] ?? []
            guard !ids.contains(record.id) else { return }
            if ids.count >= Self.badCount { ids.removeFirst() }
            ids.append(record.id)
            state.bad[key] = ids
        }
    }

    /// A request that came lately.
    func record(_ id: RequestID) -> RequestRecord? { state.withLock { $0.records[id] } }

    /// The newest bad requests of a model in a family, newest first.
    func bad(of model: Name, _ family: IncidentFamily) -> [RequestID] {
        state.withLock { Array(($0.bad[BadKey(model: model, family: family)] ?? []).reversed()) }
    }
}
