import ControlPlane
import Gateway
import HTTPTypes
import Hummingbird
import RegistryTypes
import WireFormat

/// What those ask who look after the process: is it alive, does it take requests, what did it count. And the style
/// sheet of the pages.
///
/// `/metrics` needs a key as every other address that says something about models does: which models there are, and how
/// much they are used, is not for everybody who can reach the port.
struct ServiceRoutes: RouteGroup {
    let plane: ControlPlane
    let pages: PageRenderer
    let build: String
    /// What is connected.
    let connections: OpenConnections

    func register(in routes: inout Routes) {
        let plane = plane, pages = pages, build = build, connections = connections
        routes.open(.get, "/livez") { _, _ in ServiceRoutes.plain("alive\n") }
        routes.open(.get, "/readyz") { request, _ in
            let readiness = plane.overview.readiness(model: try PathParts.name("model", of: request.query))
            return ServiceRoutes.plain(readiness.text, status: readiness.isReady ? .ok : .serviceUnavailable)
        }
        routes.open(.get, "/static/app.css") { _, _ in pages.styleSheet() }
        routes.program(.get, "/metrics", .readRegistry) { call in
            let metrics = ServingMetrics(
                measurements: plane.gateway.measurements.snapshot,
                load: plane.gateway.engineLoad,
                isReady: plane.gateway.readiness == .ready,
                build: build,
                connections: (connections.count, connections.counts),
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

    private static func plain(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}

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
