import Catalog
import Gateway
import Logging
import RegistryRecords
import RegistryTypes
import ReleaseRuntime

/// What requests of applications are answered by: routes for the gateway, and the weights that stay in memory.
struct Serving: Sendable {
    let gateway: Gateway
    let releases: LoadedReleases
    let logger: Logger

    /// Makes the gateway route as `state` says, and keeps in memory what it needs. What cannot be loaded answers
    /// nothing, and says so.
    func follow(_ state: ServingState) async {
        var channels: [GatewayChannel] = []
        for channel in state.channels { channels.append(await route(channel)) }
        gateway.update(GatewayRoutes(channels))
        await releases.pin(Set(state.kept.flatMap(\.weights.digests)), asOf: state.head)
    }

    /// Loads what a release pins; what cannot be loaded is logged.
    func load(_ plan: ReleasePlan) async {
        do {
            _ = try await releases.release(plan)
        } catch {
            logger.error(
                "a release cannot be loaded",
                metadata: ["version": "\(plan.version)", "error": "\(error)"]
            )
        }
    }

    private func route(_ channel: ServedChannel) async -> GatewayChannel {
        let live = await route(channel.live, channel: channel.record.channel, arm: .live)
        var holdback: GatewayChannel.Holdback?
        if let kept = channel.heldBack,
            let route = await route(kept.target, channel: channel.record.channel, arm: .holdback)
        {
            holdback = GatewayChannel.Holdback(route: route, share: kept.share, salt: kept.salt)
        }
        return GatewayChannel(
            model: channel.record.model,
            name: channel.record.channel,
            created: channel.created,
            live: live,
            holdback: holdback,
            // What is served elsewhere by intent is no failure of what is served here.
            unloaded: live == nil && !channel.lacksEngine
                ? GatewayChannel.Unloaded(
                    release: channel.release.id,
                    version: channel.release.version,
                    prompt: channel.release.content.prompt
                ) : nil,
            elsewhere: live == nil && channel.lacksEngine ? channel.release.id : nil
        )
    }

    private func route(_ target: ServingTarget?, channel: Name, arm: TrafficArm) async -> GatewayRoute? {
        guard let target else { return nil }
        do {
            return try await releases.route(target, channel: channel, arm: arm)
        } catch {
            logger.error("a live release cannot answer", metadata: ["release": "\(target.id)", "error": "\(error)"])
            return nil
        }
    }
}

extension LoadedReleases {
    /// What answers a request that names a release or a version: loaded when it is not.
    ///
    /// - Throws: `GatewayError`.
    func pinnedRoute(_ reference: Reference, _ catalog: Catalog, for call: GatewayCall) async throws -> GatewayRoute {
        do {
            let target = try await catalog.read { state in
                let id = try state.releaseID(of: reference)
                guard try call.mayRunUnreleased || ReleaseHistory(id, in: state).wasLive() else {
                    let operation = RegistryTypes.Operation.runUnreleased
                    throw GatewayError.notAllowed(
                        "key \"\(call.key)\" may not \(operation.words): that needs the role "
                            + "\(operation.permission.minRole?.rawValue ?? "reader"); \(id) was not live yet"
                    )
                }
                return try ServingTarget(id, in: state)
            }
            return try await route(target, channel: nil, arm: .pinned)
        } catch let error as ControlPlaneError {
            switch error.kind {
            case .notFound: throw GatewayError.modelNotFound(reference.description, near: error.near)
            // Files that cannot be run, or a prompt that does not go with them: the same again later.
            case .badData:
                throw GatewayError.cannotRun(([error.title] + [error.why].compactMap { $0 }).joined(separator: ", "))
            // A version that may be several releases: the caller has to say which.
            case .badRequest:
                throw GatewayError.invalid(
                    ([error.title] + [error.why].compactMap { $0 }).joined(separator: "; "),
                    param: "model"
                )
            case .notAllowed, .conflict, .insufficientStorage, .inconclusive, .unavailable, .internalFault:
                throw GatewayError.unavailable(error.title)
            }
        }
    }

    /// A release ready to answer applications, loaded when it is not.
    ///
    /// - Parameters:
    ///   - channel: The channel that leads to it; nil when a release or a version was named.
    ///   - arm: Why it answers.
    /// - Throws: ``ControlPlaneError``.
    func route(_ target: ServingTarget, channel: Name?, arm: TrafficArm) async throws -> GatewayRoute {
        let (loaded, engine) = try await serving(target.plan)
        return GatewayRoute(
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
