import ControlPlane
import Hummingbird
import Pages
import RegistryTypes
import WireFormat
import Wording

/// Traffic sets, and the captured requests that the next one is frozen from.
struct TrafficRoutes: RouteGroup {
    let plane: ControlPlane
    let pages: PageRenderer

    func register(in routes: inout Routes) throws {
        let plane = plane, sets = self, any = try AnyParts()
        routes.api(.get, APIPath.trafficSets, .readRegistry) { call in
            try await plane.traffic.sets.list(PathParts.part(call.query))
        }
        // The JSON representation is the list of sets; the captured days are at ``APIPath/capture``.
        routes.page(
            .trafficSets,
            .readRegistry,
            load: { try await plane.traffic.sets.list(PathParts.part($0.fields, limit: .usual)) }
        ) {
            TrafficSetsPage(
                $0,
                part: try PathParts.part($1.fields, limit: .usual),
                capture: try await plane.traffic.requests.capture(),
                context: $1.context
            )
        }
        routes.api(.get, APIPath.traffic(any.name), .readRegistry) { call in
            try await plane.traffic.sets.show(call.name("traffic"))
        }
        routes.page(.traffic, .readRegistry, load: { try await plane.traffic.sets.show($0.name("traffic")) }) {
            TrafficSetPage($0, context: $1.context)
        }
        routes.api(.post, APIPath.traffic(any.name), .importTraffic) { call in
            try await plane.traffic.sets.import(call.name("traffic"), call.body(TrafficImport.self), by: call.caller)
        }
        routes.api(.post, APIPath.freeze(any.name), .freezeTraffic) { call in
            try await plane.traffic.sets.freeze(call.name("traffic"), call.body(FreezeRequest.self), by: call.caller)
        }
        routes.form(.trafficSets, .freezeTraffic) { try await sets.freeze($0) }
        routes.api(.get, APIPath.capture, .readRegistry) { _ in try await plane.traffic.requests.capture() }
    }

    /// Freezes captured requests; what is wrong with the form is said above it.
    private func freeze(_ call: PageCall) async throws -> Response {
        let fields = call.fields
        do {
            guard let name = try? Name(fields["name"] ?? "") else {
                throw ControlPlaneError(
                    .badRequest,
                    "\"\(fields["name"] ?? "")\" cannot name a set: small letters, digits, dot, dash and underscore"
                )
            }
            var terms: [String: String] = [:]
            terms["labelled"] = fields["labelled"]
            let request = FreezeRequest(
                model: try PathParts.name("model", of: fields),
                since: try PathParts.moment("since", of: fields, now: call.context.now),
                filter: terms,
                sample: try PathParts.number("sample", of: fields),
                seed: try PathParts.number("seed", of: fields).map { UInt64($0) }
            )
            _ = try await plane.traffic.sets.freeze(name, request, by: call.caller)
            return pages.redirect(to: .traffic(name))
        } catch let error as ControlPlaneError where [.badRequest, .conflict].contains(error.kind) {
            let page = TrafficSetsPage(
                try await plane.traffic.sets.list(NamedPart()),
                capture: try await plane.traffic.requests.capture(),
                problem: error.description,
                fields: fields.values,
                context: call.context
            )
            return pages.answer(page, status: .unprocessableContent)
        }
    }
}
