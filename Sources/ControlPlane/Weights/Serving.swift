import Catalog
import Gateway
import Logging
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import WireFormat
import Wording

/// What requests of applications are answered by: routes for the gateway, and the weights that stay in memory.
struct Serving: Sendable {
    let gateway: Gateway
    let releases: LoadedReleases
    let unloaded: UnloadedReleases
    let catalog: Catalog
    let logger: Logger

    /// Makes the gateway route as `state` says, and keeps in memory what it needs. Where a live release cannot be loaded, the
    /// last settled one that can answers in its place; what cannot be answered at all says so.
    func follow(_ state: ServingState) async {
        var channels: [GatewayChannel] = [], rows: [UnloadedRelease] = [], kept = state.kept
        for channel in state.channels {
            let routed = await route(channel)
            channels.append(routed.channel)
            if let row = routed.unloaded { rows.append(row) }
            if let plan = routed.fallback { kept.append(plan) }
        }
        // Before the routes: whoever is answered by another release than the live one finds out why.
        unloaded.replace(rows)
        gateway.update(GatewayRoutes(channels))
        await releases.pin(Set(kept.flatMap(\.weights.digests)), asOf: state.head)
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

    /// A channel with its routes; where its live release cannot be loaded, that, and what answers in its place.
    private struct Routed {
        var channel: GatewayChannel
        var unloaded: UnloadedRelease?
        var fallback: ReleasePlan?
    }

    private func route(_ channel: ServedChannel) async -> Routed {
        let live: GatewayRoute?, problem: ControlPlaneError?
        (live, problem) = await route(channel.live, channel: channel.record.channel, arm: .live)
        var holdback: GatewayChannel.Holdback?
        if let kept = channel.heldBack,
            let route = await route(kept.target, channel: channel.record.channel, arm: .holdback).route
        {
            holdback = GatewayChannel.Holdback(route: route, share: kept.share, salt: kept.salt)
        }
        let isMissing = live == nil && !channel.lacksEngine
        let fallback = isMissing ? await fallback(for: channel) : nil
        let served = GatewayChannel(
            model: channel.record.model,
            name: channel.record.channel,
            created: channel.created,
            live: live ?? fallback?.route,
            holdback: holdback,
            // What is served elsewhere by intent is no failure of what is served here.
            unloaded: isMissing
                ? GatewayChannel.Unloaded(
                    release: channel.release.id,
                    version: channel.release.version,
                    prompt: channel.release.content.prompt
                ) : nil,
            elsewhere: live == nil && channel.lacksEngine ? channel.release.id : nil
        )
        guard isMissing else { return Routed(channel: served) }
        let row = unloaded(channel, answering: fallback?.route.release.number, problem)
        return Routed(channel: served, unloaded: row, fallback: fallback?.plan)
    }

    /// The last settled release of a channel that can be loaded.
    private func fallback(for channel: ServedChannel) async -> (route: GatewayRoute, plan: ReleasePlan)? {
        let record = channel.record
        let targets = (try? await catalog.read { try $0.fallbacks(for: record) }) ?? []
        for target in targets {
            if let route = await route(target, channel: record.channel, arm: .live).route {
                return (route, target.plan)
            }
        }
        return nil
    }

    private func unloaded(
        _ channel: ServedChannel,
        answering: Int?,
        _ problem: ControlPlaneError?
    ) -> UnloadedRelease {
        let why: String, next: String
        if let quarantined = channel.quarantined {
            (why, next) = (quarantined, "\(NextStep.quarantineLift(.version(channel.release.version)))")
        } else {
            why = problem.map { [$0.title, $0.why].compactMap(\.self).joined(separator: ", ") } ?? "it is not loaded"
            next = problem?.next?.text ?? "\(NextStep.rollback(channel.record.model, channel: channel.record.channel))"
        }
        return UnloadedRelease(
            model: channel.record.model,
            channel: channel.record.channel,
            release: channel.record.release,
            answering: answering,
            why: why,
            next: next
        )
    }

    private func route(
        _ target: ServingTarget?,
        channel: Name,
        arm: TrafficArm
    ) async -> (route: GatewayRoute?, problem: ControlPlaneError?) {
        guard let target else { return (nil, nil) }
        do {
            return (try await releases.route(target, channel: channel, arm: arm), nil)
        } catch {
            logger.error("a release cannot answer", metadata: ["release": "\(target.id)", "error": "\(error)"])
            return (nil, error as? ControlPlaneError ?? ControlPlaneError(.internalFault, "\(error)"))
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
