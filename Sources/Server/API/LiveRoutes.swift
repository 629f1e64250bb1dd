import ControlPlane
import Hummingbird
import RegistryTypes
import WireFormat

/// The JSON API of what happens after a promotion: requests, service levels, rollouts, incidents.
struct LiveRoutes {
    let plane: ControlPlane
    let now: @Sendable () -> Timestamp

    /// Registers the addresses.
    func register(in routes: inout Routes) throws {
        let any = try AnyParts()
        registerRequests(&routes, any)
        registerLevels(&routes, any)
        registerIncidents(&routes)
    }

    private func registerRequests(_ routes: inout Routes, _ any: AnyParts) {
        let plane = plane, now = now, request = RequestID(time: Timestamp(milliseconds: 0), random: (0, 0))
        routes.api(.get, APIPath.requests, .read) { call in
            try await plane.traffic.requests.list(PathParts.requests(call.query, now: now()))
        }
        routes.api(.get, APIPath.request(request), .read) { call in
            try await plane.traffic.requests.show(PathParts.request(call.text("request")))
        }
        routes.api(.post, APIPath.labels(request), .call) { call in
            try await plane.traffic.requests.label(
                PathParts.request(call.text("request")),
                call.body(LabelRequest.self),
                by: call.caller
            )
        }
        routes.api(.post, APIPath.replay(request), .read) { call in
            try await plane.traffic.answering.replay(
                PathParts.request(call.text("request")),
                call.body(ReplayRequest.self),
                by: call.caller
            )
        }
        routes.api(.post, APIPath.freeze(any.name), .publish) { call in
            try await plane.traffic.sets.freeze(call.name("traffic"), call.body(FreezeRequest.self), by: call.caller)
        }
        routes.api(.get, APIPath.capture, .read) { _ in try await plane.traffic.requests.capture() }
    }

    private func registerLevels(_ routes: inout Routes, _ any: AnyParts) {
        let plane = plane
        routes.api(.get, APIPath.slos, .read) { call in
            ListAnswer(items: try await plane.levels.list(model: PathParts.name("model", of: call.query)))
        }
        routes.api(.get, APIPath.slo(any.name), .read) { call in
            try await plane.levels.show(call.name("slo"), model: PathParts.name("model", of: call.query))
        }
        routes.api(.get, APIPath.rollouts, .read) { call in
            let query = call.query
            return try await Lists.rollouts(
                plane,
                model: PathParts.name("model", of: query),
                before: PathParts.number("before", of: query),
                limit: PathParts.limit(query)
            )
        }
        routes.api(.get, APIPath.rollout(RolloutID(1)), .read) { call in
            try await plane.rollouts.show(PathParts.identifier(call.text("rollout")))
        }
        routes.api(.post, APIPath.resume(any.name, any.name), .deploy) { call in
            try await plane.channels.resume(
                call.name("model"),
                call.name("channel"),
                call.body(ReasonRequest.self),
                by: call.caller
            )
        }
        routes.api(.get, APIPath.onCall, .read) { _ in try await plane.overview.onCall() }
    }

    private func registerIncidents(_ routes: inout Routes) {
        let plane = plane, incident = IncidentID(1)
        routes.api(.get, APIPath.incidents, .read) { call in
            let query = call.query
            return try await Lists.incidents(
                plane,
                model: PathParts.name("model", of: query),
                open: PathParts.flag("open", of: query),
                before: PathParts.number("before", of: query),
                limit: PathParts.limit(query)
            )
        }
        routes.api(.get, APIPath.incident(incident), .read) { call in
            try await plane.incidents.show(PathParts.identifier(call.text("incident")))
        }
        routes.api(.post, APIPath.incidentNotes(incident), .deploy) { call in
            try await plane.incidents.note(
                PathParts.identifier(call.text("incident")),
                call.body(NoteRequest.self),
                by: call.caller
            )
        }
        routes.api(.post, APIPath.closeIncident(incident), .deploy) { call in
            try await plane.incidents.close(
                PathParts.identifier(call.text("incident")),
                call.body(ReasonRequest.self),
                by: call.caller
            )
        }
    }
}
