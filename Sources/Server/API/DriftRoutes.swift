import ControlPlane
import Hummingbird
import RegistryTypes
import WireFormat

/// The JSON API of drift.
struct DriftRoutes {
    let plane: ControlPlane

    /// Registers the addresses.
    func register(in routes: inout Routes) {
        let plane = plane
        routes.api(.get, APIPath.driftReports, .read) { call in
            let query = call.query
            return try await Lists.drift(
                plane,
                model: PathParts.name("model", of: query),
                before: PathParts.number("before", of: query),
                limit: PathParts.limit(query)
            )
        }
        routes.api(.post, APIPath.driftReports, .publish) { call in
            try await plane.drift.run(call.body(DriftRequest.self), by: call.caller)
        }
        routes.api(.get, APIPath.drift(DriftID(1)), .read) { call in
            try await plane.drift.show(PathParts.identifier(call.text("drift")))
        }
        routes.api(.get, APIPath.baselines, .read) { call in
            ListAnswer(items: try await plane.drift.baselines(model: PathParts.name("model", of: call.query)))
        }
        routes.api(.post, APIPath.baselines, .deploy) { call in
            try await plane.drift.setBaseline(call.body(BaselineRequest.self), by: call.caller)
        }
    }
}

extension Lists {
    /// Drift reports, newest first.
    static func drift(
        _ plane: ControlPlane,
        model: Name?,
        before: Int?,
        limit: Int
    ) async throws -> ListAnswer<DriftRow> {
        let items = try await plane.drift.list(model: model, before: before, limit: limit + 1)
        let shown = Array(items.prefix(limit))
        return ListAnswer(items: shown, next: items.count > limit ? shown.last.map { String($0.id.number) } : nil)
    }
}
