import ControlPlane
import HTTPTypes
import Hummingbird
import Pages
import RegistryTypes
import WireFormat
import Wording

/// Model files looked at, and texts read token by token.
struct ReadingRoutes: RouteGroup {
    let plane: ControlPlane
    let pages: PageRenderer

    func register(in routes: inout Routes) throws {
        let plane = plane, any = try AnyParts(), readings = self
        routes.api(.get, APIPath.inspection(any.version), .readRegistry) { call in
            try await plane.registry.models.inspection(VersionID(call.name("model"), call.number("number")))
        }
        routes.api(.post, APIPath.tokens(any.version), .readTexts) { call in
            try await plane.registry.models.tokens(
                VersionID(call.name("model"), call.number("number")),
                call.body(TokenizeRequest.self),
                by: call.caller
            )
        }
        routes.api(.post, APIPath.readings, .readTexts) { call in
            try await plane.traffic.readings.start(call.body(ReadingRequest.self), by: call.caller)
        }
        routes.api(.get, APIPath.reading("r"), .readTexts) { call in
            try await plane.traffic.readings.show(call.text("reading"))
        }
        routes.api(.post, APIPath.cancelReading("r"), .cancelReading) { call in
            try await call.requireNoMembers()
            return try await plane.traffic.readings.cancel(call.text("reading"), by: call.caller)
        }
        routes.page(.reading, .readTexts, load: { try await plane.traffic.readings.show($0.text("reading")) }) {
            ReadingPage($0, context: $1.context)
        }
        routes.form(.readings, .readTexts) { try await readings.compare($0) }
    }

    /// Asks for a comparison and leads to where it can be seen.
    private func compare(_ call: PageCall) async throws -> Response {
        let view = try await plane.traffic.readings.start(
            ReadingRequest(
                baseline: try PathParts.reference("baseline", of: call.fields),
                candidate: try PathParts.reference("candidate", of: call.fields),
                text: try PathParts.words("text", of: call.fields, limitBytes: 32 << 10),
                traffic: try PathParts.name("traffic", of: call.fields)
            ),
            by: call.caller
        )
        return pages.redirect(to: .reading(view.id))
    }
}
