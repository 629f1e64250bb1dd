import Artifacts
import Logging
import RegistryRecords
import RegistryTypes
import Synchronization

/// Which watched releases are answering a request right now, in memory and as markers on disk.
///
/// A final class with a mutex: requests begin and end on many threads.
final class RunningReleases: Sendable {
    private struct State {
        /// The rollouts that watch a release.
        var watched: [ReleaseID: Set<RolloutID>] = [:]
        /// The requests that a release is answering.
        var requests: [ReleaseID: Set<RequestID>] = [:]
        /// The rollouts whose marker is on disk.
        var marked: Set<RolloutID> = []
        var hasEnded = false
    }

    private let state = Mutex(State())
    private let markers: ServingMarkers
    private let logger: Logger

    init(_ markers: ServingMarkers, logger: Logger) {
        self.markers = markers
        self.logger = logger
    }

    /// A release is about to answer a request: what it does to the process from here on is its doing.
    func began(_ request: RequestID, _ release: ReleaseID) {
        let isWatched = change { state in
            state.requests[release, default: []].insert(request)
            return state.watched[release] != nil
        }
        if isWatched { Failpoint.hit("release.answering") }
    }

    /// A request ended, however it did.
    func ended(_ request: RequestID, _ release: ReleaseID) {
        change { state in
            state.requests[release]?.remove(request)
            if state.requests[release]?.isEmpty == true { state.requests[release] = nil }
        }
    }

    /// Watches the releases of these rollouts, and no others.
    func watch(_ rollouts: [RolloutRecord]) {
        let watched = Dictionary(grouping: rollouts, by: \.release).mapValues { Set($0.map(\.id)) }
        change { $0.watched = watched }
    }

    /// An end of the process from now on is an orderly one, whatever is still answered.
    func end() { change { $0.hasEnded = true } }

    /// Changes what runs, and makes the markers follow before anybody else goes on.
    private func change<Answer: Sendable>(_ body: (inout State) -> Answer) -> Answer {
        state.withLock { state in
            let answer = body(&state)
            let needed =
                state.hasEnded
                ? [] : Set(state.watched.filter { state.requests[$0.key] != nil }.flatMap(\.value))
            for id in state.marked.subtracting(needed) {
                markers.clear(id)
                state.marked.remove(id)
            }
            for id in needed.subtracting(state.marked) {
                do {
                    try markers.set(id)
                    state.marked.insert(id)
                } catch {
                    logger.warning("the marker of a watched release cannot be written", metadata: ["error": "\(error)"])
                }
            }
            return answer
        }
    }
}
