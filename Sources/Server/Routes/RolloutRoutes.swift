import ControlPlane
import HTTPTypes
import Pages
import RegistryTypes
import WireFormat
import Wording

/// Rollouts.
struct RolloutRoutes: RouteGroup {
    let plane: ControlPlane

    func register(in routes: inout Routes) {
        let plane = plane, rollouts = self
        routes.api(.get, APIPath.rollouts, .readRegistry) { call in
            try await rollouts.list(call.query, limit: PathParts.limit(call.query))
        }
        routes.page(.rollouts, .readRegistry, load: { try await rollouts.list($0.fields, limit: .usual) }) {
            let model = try PathParts.name("model", of: $1.fields)
            let holds = try await plane.overview.holds(of: model)
            return RolloutsPage($0, model: model, holds: holds, context: $1.context)
        }
        routes.api(.get, APIPath.rollout(RolloutID(1)), .readRegistry) { call in
            try await plane.rollouts.show(PathParts.identifier(call.text("rollout")))
        }
        routes.page(
            .rollout,
            .readRegistry,
            load: { try await plane.rollouts.show(PathParts.identifier($0.text("rollout"))) }
        ) {
            let health = try await ChannelRoutes.health(plane, $0.row.model, $0.row.channel)
            let hold = health?.hold
            return RolloutPage(
                $0,
                hold: hold?.rollout == $0.row.id ? hold : nil,
                rollbackTo: health?.rollbackTo,
                context: $1.context
            )
        }
    }

    /// Rollouts, newest first.
    private func list(_ fields: FieldList, limit: ListLimit) async throws -> ListAnswer<RolloutRow> {
        let model = try PathParts.name("model", of: fields), before = try PathParts.number("before", of: fields)
        return try await .part(limit, number: \.id.number) {
            try await plane.rollouts.list(model: model, before: before, limit: $0)
        }
    }
}
