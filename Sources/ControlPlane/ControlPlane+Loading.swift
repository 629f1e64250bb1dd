import Catalog
import Digests
import Logging
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import Replay

/// What is in memory, and what has to stay there.
extension ControlPlane {
    /// A release with what answers for it, loaded when it is not.
    func replaySide(_ release: ReleaseRecord) async throws -> ReplaySide {
        let plan = try await plan(release.content, of: release.id.model)
        return ReplaySide(
            engine: try await releases.serving(plan).engine,
            prompt: plan.prompt,
            decoding: plan.content.decoding
        )
    }

    /// Loads what a release pins, and says how many seconds it took; nil when it was in memory.
    func load(_ content: ReleaseContent, of model: Name) async throws -> Double? {
        let plan = try await plan(content, of: model)
        let isLoaded = await releases.loadedWeights().contains(plan.weights.digest)
        let start = ContinuousClock.now
        _ = try await releases.release(plan)
        return isLoaded ? nil : start.duration(to: .now) / .seconds(1)
    }

    /// What has to be loaded for a release.
    func plan(_ content: ReleaseContent, of model: Name) async throws -> ReleasePlan {
        try await read { try ReleasePlan(content, of: model, in: $0) }
    }

    /// Keeps what channels point to, and what rollbacks would go to, in memory.
    func keepLoaded() async {
        do {
            let (wanted, head) = try await read { state in
                (Set(try Self.kept(in: state).map(\.weights.digest)), try state.head().seq)
            }
            await releases.pin(wanted, asOf: head)
        } catch {
            logger.error("what must stay in memory cannot be read", metadata: ["error": "\(error)"])
        }
    }

    /// Loads at start what channels point to and what rollbacks would go to. What cannot be loaded is logged.
    func loadChannels() async {
        do {
            for plan in try await read({ try Self.kept(in: $0) }) {
                do {
                    _ = try await releases.release(plan)
                } catch {
                    logger.error(
                        "a release cannot be loaded",
                        metadata: ["version": "\(plan.version)", "error": "\(error)"]
                    )
                }
            }
            await refreshServing()
            await keepLoaded()
            await followReferenceModels()
        } catch {
            logger.error("channels cannot be loaded", metadata: ["error": "\(error)"])
        }
    }

    private static func kept(in state: CatalogState) throws -> [ReleasePlan] {
        try state.channels().flatMap { channel -> [ReleasePlan] in
            let heldBack = try state.activeRollout(channel.model, channel.channel)?.from
            let numbers: [Int?] = [channel.release, channel.rollbackTo, heldBack]
            return try Set(numbers.compactMap { $0 }).sorted().compactMap { number in
                guard let release = try state.release(ReleaseID(channel.model, number)) else { return nil }
                // A quarantined release stays unloaded; its channel says so when it is asked.
                return try? ReleasePlan(release.content, of: channel.model, in: state)
            }
        }
    }
}
