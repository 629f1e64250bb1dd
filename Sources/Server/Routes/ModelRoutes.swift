import ControlPlane
import Gateway
import HTTPTypes
import Hummingbird
import Pages
import RegistryTypes
import WireFormat
import Wording

/// Models with their versions and releases, and what references into them mean.
struct ModelRoutes: RouteGroup {
    let plane: ControlPlane
    let pages: PageRenderer
    let paths: ServerPaths

    func register(in routes: inout Routes) throws {
        try registerAPI(&routes)
        registerPages(&routes)
    }

    private func registerAPI(_ routes: inout Routes) throws {
        let plane = plane, paths = paths, any = try AnyParts()
        routes.api(.get, APIPath.models, .readRegistry) { call in
            try await plane.registry.models.list(PathParts.part(call.query))
        }
        routes.api(.get, APIPath.model(any.name), .readRegistry) { call in
            try await plane.registry.models.show(call.name("model"))
        }
        routes.api(.get, APIPath.versions(any.name), .readRegistry) { call in
            try await plane.registry.models.versions(
                call.name("model"),
                before: PathParts.number("before", of: call.query),
                limit: PathParts.limit(call.query)
            )
        }
        routes.api(.post, APIPath.versions(any.name), .publishVersion) { call in
            try await plane.registry.publishing.publish(
                call.name("model"),
                call.body(PublishRequest.self),
                by: call.caller
            )
        }
        routes.api(.get, APIPath.version(any.version), .readRegistry) { call in
            try await plane.registry.models.version(VersionID(call.name("model"), call.number("number")))
        }
        routes.api(.get, APIPath.releases(any.name), .readRegistry) { call in
            try await plane.registry.models.releases(
                call.name("model"),
                before: PathParts.number("before", of: call.query),
                limit: PathParts.limit(call.query)
            )
        }
        routes.api(.get, APIPath.release(any.release), .readRegistry) { call in
            try await plane.registry.models.release(ReleaseID(call.name("model"), call.number("number")))
        }
        routes.api(.get, APIPath.resolve, .callModel) { call in
            try await plane.registry.releases.resolve(PathParts.reference("ref", of: call.query))
        }
        routes.api(.get, APIPath.difference, .readRegistry) { call in
            let query = call.query
            return try await plane.registry.models.difference(
                PathParts.reference("left", of: query),
                PathParts.reference("right", of: query)
            )
        }
        routes.raw(.post, APIPath.chat, .callModel) { call in
            let headers = ServingHeaders.gatewayCall(call)
            // Of what is, or was, live nothing is kept; what is no policy is refused all the same.
            let arrival = Answering.Arrival(
                headers.id,
                capture: try headers.policy(),
                within: try headers.askedSeconds()
            )
            let request = try await call.body(ChatRequest.self), answering = plane.traffic.answering
            guard call.accepts(ChatEvent.contentType) else {
                return try JSONBody.answer(try await answering.chat(request, arrival, by: call.caller))
            }
            return ModelRoutes.lines(
                try await answering.stream(request, arrival, by: call.caller),
                hiding: paths
            )
        }
    }

    /// A streamed answer: lines of JSON, each an event. What fails after the first byte is a line too: an answer that was
    /// cut off has no line with the whole of it.
    private static func lines(_ stream: ChatStream, hiding paths: ServerPaths) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: ChatEvent.contentType, .cacheControl: "no-store"],
            body: ResponseBody { writer in
                var body = writer
                func send(_ event: ChatEvent) async throws {
                    var line = try JSONBody.write(event)
                    line.writeInteger(UInt8(ascii: "\n"))
                    try await body.write(line)
                }
                do { try await stream.write(send) } catch let error as ControlPlaneError {
                    guard let problem = Problem(error) else { throw error }
                    try await send(.problem(problem.naming(request: nil, hiding: paths)))
                }
                try await writer.finish(nil)
            }
        )
    }

    private func registerPages(_ routes: inout Routes) {
        let plane = plane, pages = pages
        routes.page(
            .models,
            .readRegistry,
            load: { try await plane.registry.models.list(PathParts.part($0.fields, limit: .usual)) }
        ) {
            ModelsPage($0, part: try PathParts.part($1.fields, limit: .usual), context: $1.context)
        }
        // One address for a model and for references into it: `/models/ticket-bot@production` leads on.
        routes.browser(.get, .model, .readRegistry) { call in
            let text = try call.text("model")
            guard let name = try? Name(text) else {
                guard let reference = try? Reference(text) else { throw Problem(status: 404) }
                let target = try await ModelRoutes.target(of: reference, plane)
                return pages.redirect(at: call.state.wantsJSON ? target.json : target.path)
            }
            let model = try await plane.registry.models.show(
                name,
                versionsBefore: PathParts.number("versions", of: call.fields),
                releasesBefore: PathParts.number("releases", of: call.fields),
                limit: .few
            )
            if call.state.wantsJSON { return try JSONBody.answer(model) }
            let health = try await plane.overview.health(of: name)
            let slos = try await plane.levels.list(model: name)
            return pages.answer(ModelPage(model, health: health, slos: slos, context: call.context))
        }
        routes.page(
            .version,
            .readRegistry,
            load: { call in
                try await plane.registry.models.version(VersionID(call.name("model"), call.number("number")))
            }
        ) { VersionPage($0, context: $1.context) }
        routes.page(
            .release,
            .readRegistry,
            load: { call in
                try await plane.registry.models.release(ReleaseID(call.name("model"), call.number("number")))
            }
        ) { ReleasePage($0, context: $1.context) }
    }

    /// The page of what a reference means now.
    private static func target(of reference: Reference, _ plane: ControlPlane) async throws -> PagePath {
        switch reference.selector {
        case .version(let number): .version(VersionID(reference.model, number))
        case .release(let number): .release(ReleaseID(reference.model, number))
        case .live, .channel: .release(try await plane.registry.releases.resolve(reference).release)
        }
    }
}
