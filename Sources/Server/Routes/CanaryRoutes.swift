import ControlPlane
import HTTPTypes
import Pages
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// Canaries.
struct CanaryRoutes: RouteGroup {
    let plane: ControlPlane
    let pages: PageRenderer

    func register(in routes: inout Routes) {
        let plane = plane, canaries = self
        routes.api(.get, APIPath.canaries, .readRegistry) { call in
            try await canaries.list(call.query, limit: PathParts.limit(call.query))
        }
        routes.page(.canaries, .readRegistry, load: { try await canaries.list($0.fields, limit: .usual) }) {
            CanariesPage($0, model: try PathParts.name("model", of: $1.fields), context: $1.context)
        }
        routes.api(.post, APIPath.canaries, .runCanary) { call in
            try await plane.experiments.canaries.start(call.body(CanaryRequest.self), by: call.caller)
        }
        routes.api(.post, APIPath.canaryPlan, .readRegistry) { call in
            try await plane.experiments.canaries.plan(call.body(CanaryRequest.self), by: call.caller)
        }
        routes.api(.get, APIPath.canary(CanaryID(1)), .readRegistry) { call in
            try await plane.experiments.canaries.show(PathParts.identifier(call.text("canary")))
        }
        routes.api(.post, APIPath.cancelCanary(CanaryID(1)), .cancelCanary) { call in
            try await plane.experiments.canaries.cancel(
                PathParts.identifier(call.text("canary")),
                call.body(CancelRequest.self),
                by: call.caller
            )
        }
        routes.form(.cancelCanary, .cancelCanary) { [pages] call in
            let id: CanaryID = try PathParts.identifier(call.text("canary"))
            _ = try await plane.experiments.canaries.cancel(id, CancelRequest(), by: call.caller)
            return pages.redirect(to: .canary(id))
        }
        routes.page(
            .canary,
            .readRegistry,
            load: { try await plane.experiments.canaries.show(PathParts.identifier($0.text("canary"))) }
        ) {
            CanaryPage($0, context: $1.context)
        }
    }

    /// Canaries, newest first.
    private func list(_ fields: FieldList, limit: ListLimit) async throws -> ListAnswer<CanaryRecord> {
        let model = try PathParts.name("model", of: fields), before = try PathParts.number("before", of: fields)
        return try await .part(limit, number: \.id.number) {
            try await plane.experiments.canaries.list(model: model, before: before, limit: $0)
        }
    }
}
