import Catalog
import Gateway
import Logging
import RegistryTypes
import ReleaseRuntime
import Synchronization

/// What requests of applications are answered by: a snapshot for the gateway, made again after each move.
extension ControlPlane {
    /// Makes the gateway route as the log says. What cannot be loaded answers nothing, and says so.
    func refreshServing() async {
        do {
            try await followRollouts(now: configuration.now())
            let (head, plans) = try await read { state in
                (try state.head().seq, try state.channels().map { try ServingPlan($0, in: state) })
            }
            var channels: [GatewayChannel] = []
            for plan in plans { channels.append(await channel(plan)) }
            // Of two refreshes that cross, the one that read the later entry holds.
            servedAsOf.withLock { asOf in
                guard head >= asOf else { return }
                asOf = head
                gateway.update(GatewayRoutes(channels))
            }
        } catch {
            logger.error("what is served cannot be read from the log", metadata: ["error": "\(error)"])
        }
    }

    private func channel(_ plan: ServingPlan) async -> GatewayChannel {
        let live = await route(plan.live, channel: plan.channel, arm: .live)
        var holdback: GatewayChannel.Holdback?
        if let kept = plan.holdback, let route = await route(kept.target, channel: plan.channel, arm: .holdback) {
            holdback = GatewayChannel.Holdback(route: route, share: kept.share, salt: kept.salt)
        }
        return GatewayChannel(
            model: plan.model,
            name: plan.channel,
            created: plan.created,
            live: live,
            holdback: holdback,
            unloaded: live == nil ? plan.unloaded : nil
        )
    }

    private func route(_ target: ServingPlan.Target?, channel: Name, arm: TrafficArm) async -> GatewayRoute? {
        guard let target else { return nil }
        do {
            let (loaded, engine) = try await releases.serving(target.plan)
            return GatewayRoute(target, channel: channel, arm: arm, loaded: loaded, engine: engine)
        } catch {
            logger.error("a live release cannot answer", metadata: ["release": "\(target.id)", "error": "\(error)"])
            return nil
        }
    }

    /// What answers a request that names a release or a version: loaded when it is not.
    ///
    /// - Throws: `GatewayError`.
    static func pinnedRoute(
        _ reference: Reference,
        _ catalog: Catalog,
        _ releases: LoadedReleases
    ) async throws -> GatewayRoute {
        do {
            let target = try await catalog.read { state in
                try ServingPlan.Target(releaseID(of: reference, in: state), in: state)
            }
            let (loaded, engine) = try await releases.serving(target.plan)
            return GatewayRoute(target, channel: nil, arm: .pinned, loaded: loaded, engine: engine)
        } catch let error as ControlPlaneError {
            throw error.kind == .notFound
                ? GatewayError.modelNotFound(reference.description, near: error.near)
                : GatewayError.unavailable(error.title)
        }
    }
}

extension GatewayRoute {
    fileprivate init(
        _ target: ServingPlan.Target,
        channel: Name?,
        arm: TrafficArm,
        loaded: LoadedRelease,
        engine: any AnswerEngine
    ) {
        self.init(
            release: target.id,
            version: target.plan.version,
            prompt: target.plan.content.prompt,
            channel: channel,
            arm: arm,
            loaded: loaded,
            engine: engine
        )
    }
}

extension ServingPlan {
    /// The live release as one that is not in memory.
    fileprivate var unloaded: GatewayChannel.Unloaded? {
        content.map { content in
            GatewayChannel.Unloaded(
                release: release,
                version: VersionID(model, content.version),
                prompt: content.prompt
            )
        }
    }
}
