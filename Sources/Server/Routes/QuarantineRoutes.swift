import ControlPlane
import HTTPTypes
import RegistryTypes
import WireFormat

/// Weights that are not loaded any more, and the way back.
struct QuarantineRoutes: RouteGroup {
    let plane: ControlPlane

    func register(in routes: inout Routes) {
        let plane = plane
        routes.api(.get, APIPath.quarantine, .readRegistry) { _ in
            ListAnswer(items: try await plane.quarantine.list())
        }
        routes.api(.post, APIPath.liftQuarantine, .liftQuarantine) { call in
            try await plane.quarantine.lift(call.body(LiftQuarantineRequest.self), by: call.caller)
        }
    }
}
