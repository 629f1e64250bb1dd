import Catalog
import Digests
import Logging
import RegistryTypes
import ReleaseRuntime

/// What is in memory, and what has to stay there.
extension ControlPlane {
    /// A release ready to answer, loaded when it is not.
    func runtime(for release: ReleaseRecord) async throws -> LoadedRelease {
        try await releases.release(plan(release.content, of: release.id.model))
    }

    /// Loads what a release pins, and says how many seconds it took.
    func load(_ content: ReleaseContent, of model: Name) async throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        _ = try await releases.release(plan(content, of: model))
        return (clock.now - start).seconds
    }

    /// What has to be loaded for a release.
    func plan(_ content: ReleaseContent, of model: Name) async throws -> ReleasePlan {
        try await catalog.read { try ReleasePlan(content, of: model, in: $0) }
    }

    /// Keeps what channels point to, and what rollbacks would go to, in memory.
    func keepLoaded() async throws {
        let wanted = try await catalog.read { state in
            Set(try Self.kept(in: state).map(\.weights.digest))
        }
        await releases.pin(wanted)
    }

    /// Loads at start what channels point to and what rollbacks would go to. What cannot be loaded is logged.
    func loadChannels() async {
        do {
            for plan in try await catalog.read({ try Self.kept(in: $0) }) {
                do {
                    _ = try await releases.release(plan)
                } catch {
                    logger.error(
                        "a release cannot be loaded",
                        metadata: ["version": "\(plan.version)", "error": "\(error)"]
                    )
                }
            }
            try await keepLoaded()
        } catch {
            logger.error("channels cannot be loaded", metadata: ["error": "\(error)"])
        }
    }

    private static func kept(in state: CatalogState) throws -> [ReleasePlan] {
        try state.channels().flatMap { channel in
            try [channel.release, channel.rollbackTo].compactMap { $0 }.compactMap { number in
                guard let release = try state.release(ReleaseID(channel.model, number)) else { return nil }
                // A quarantined release stays unloaded; its channel says so when it is asked.
                return try? ReleasePlan(release.content, of: channel.model, in: state)
            }
        }
    }
}
