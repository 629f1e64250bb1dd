import ControlPlane
import HTTPTypes
import Pages
import RegistryTypes
import WireFormat
import Wording

/// Service levels.
struct SLORoutes: RouteGroup {
    let plane: ControlPlane

    func register(in routes: inout Routes) throws {
        let plane = plane, any = try AnyParts()
        let levels = self
        routes.api(.get, APIPath.slos, .readRegistry) { call in
            try await levels.part(call.query, PathParts.limit(call.query))
        }
        routes.page(.slos, .readRegistry, load: { try await levels.part($0.fields, .usual) }) {
            let model = try PathParts.name("model", of: $1.fields)
            // Of all, not of this part: what is folded and what is counted must be true of the whole list.
            return SLOsPage(
                try await plane.levels.list(model: model),
                from: try PathParts.number("before", of: $1.fields) ?? 0,
                count: $0.items.count,
                model: model,
                inForce: plane.levels.inForce,
                context: $1.context
            )
        }
        routes.api(.get, APIPath.slo(any.name), .readRegistry) { call in
            try await plane.levels.show(call.name("slo"), model: PathParts.name("model", of: call.query))
        }
        routes.page(
            .slo,
            .readRegistry,
            load: { try await plane.levels.show($0.name("slo"), model: PathParts.name("model", of: $0.fields)) }
        ) { SLOPage($0, context: $1.context) }
    }

    /// The SLOs from the place on that `before` names, the most urgent first.
    private func part(_ fields: FieldList, _ limit: ListLimit) async throws -> ListAnswer<SLORow> {
        let rows = try await plane.levels.list(model: PathParts.name("model", of: fields))
        let first = min(max(0, try PathParts.number("before", of: fields) ?? 0), rows.count)
        let end = min(first + limit.count, rows.count)
        return ListAnswer(items: Array(rows[first..<end]), next: end < rows.count ? String(end) : nil)
    }
}
