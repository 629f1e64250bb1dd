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
        routes.api(.get, APIPath.slos, .readRegistry) { call in
            ListAnswer(items: try await plane.levels.list(model: PathParts.name("model", of: call.query)))
        }
        routes.page(
            .slos,
            .readRegistry,
            load: { ListAnswer(items: try await plane.levels.list(model: PathParts.name("model", of: $0.fields))) }
        ) { SLOsPage($0.items, model: try PathParts.name("model", of: $1.fields), context: $1.context) }
        routes.api(.get, APIPath.slo(any.name), .readRegistry) { call in
            try await plane.levels.show(call.name("slo"), model: PathParts.name("model", of: call.query))
        }
        routes.page(
            .slo,
            .readRegistry,
            load: { try await plane.levels.show($0.name("slo"), model: PathParts.name("model", of: $0.fields)) }
        ) { SLOPage($0, context: $1.context) }
    }
}
