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
        routes.api(.get, APIPath.status, .readRegistry) { _ in try await plane.overview.status() }
        routes.page(.overview, .readRegistry, load: { _ in try await plane.overview.status() }) {
            OverviewPage($0, context: $1.context)
        }
        routes.api(.get, APIPath.onCall, .readRegistry) { _ in try await plane.overview.onCall() }
        routes.page(.onCall, .readRegistry, load: { _ in try await plane.overview.onCall() }) {
            OnCallPage($0, context: $1.context)
        }
    }
}
