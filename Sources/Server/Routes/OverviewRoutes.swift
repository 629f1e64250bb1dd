import ControlPlane
import HTTPTypes
import Pages
import RegistryTypes
import WireFormat
import Wording

/// How everything stands: for people who come by, and for the one on call.
struct OverviewRoutes: RouteGroup {
    let plane: ControlPlane

    func register(in routes: inout Routes) {
        let plane = plane
        routes.api(.get, APIPath.status, .readRegistry) { call in
            let model = try PathParts.name("model", of: call.query)
            if model != nil, let other = ["after", "prefix", "served", "limit"].first(where: { call.query[$0] != nil })
            {
                throw PathParts.refused("model names one model: leave out \(other), which chooses among many")
            }
            return try await plane.overview.status(
                of: model,
                PathParts.part(call.query),
                onlyLive: PathParts.flag("served", of: call.query) ?? false
            )
        }
        routes.api(.get, APIPath.pastStatus, .readRegistry) { call in
            guard let text = call.query["at"], let moment = Timestamp(text) else {
                throw PathParts.refused("at must be a moment in UTC such as 2026-11-21T10:00:00Z")
            }
            return try await plane.overview.status(at: moment, model: PathParts.name("model", of: call.query))
        }
        routes.page(
            .overview,
            .readRegistry,
            load: { try await plane.overview.status(PathParts.part($0.fields, limit: .few), onlyLive: true) }
        ) {
            OverviewPage($0, after: try PathParts.name("after", of: $1.fields), context: $1.context)
        }
        routes.api(.get, APIPath.onCall, .readRegistry) { _ in try await plane.overview.onCall() }
        routes.page(.onCall, .readRegistry, load: { _ in try await plane.overview.onCall() }) {
            OnCallPage($0, context: $1.context)
        }
    }
}
