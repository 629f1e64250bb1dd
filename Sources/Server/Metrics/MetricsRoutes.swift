import ControlPlane
import Gateway
import Hummingbird
import RegistryTypes
import WireFormat

/// `/metrics`, for scrapers. It needs a key as every other address that says something about models does: which models
/// there are, and how much they are used, is not for everybody who can reach the port.
struct MetricsRoutes {
    let plane: ControlPlane
    let build: String

    /// Registers the address.
    func register(in routes: inout Routes) {
        let plane = plane, build = build
        routes.program(.get, "/metrics", .read) { call in
            let metrics = ServingMetrics(
                measurements: plane.gateway.measurements.snapshot,
                load: plane.gateway.engineLoad,
                isReady: plane.gateway.readiness == .ready,
                build: build,
                // A scrape that finds one thing unreadable still says the rest.
                capture: try? await plane.traffic.requests.capture(),
                slos: (try? await plane.levels.list(model: nil)) ?? []
            )
            return Response(
                status: .ok,
                headers: [.contentType: PrometheusText.contentType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text))
            )
        }
    }
}
