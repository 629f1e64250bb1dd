import ControlPlane
import Gateway
import HTTPTypes
import Hummingbird
import RegistryRecords
import RegistryTypes
import WireFormat

/// The addresses of OpenAI's clients: one request, one call to the gateway.
struct OpenAIRoutes: RouteGroup {
    let plane: ControlPlane
    let disconnects: Disconnects

    func register(in routes: inout Routes) {
        let plane = plane, gateway = plane.gateway, disconnects = disconnects
        routes.program(.get, OpenAIAddress.models, .callModel) { _ in
            OpenAIAnswer.json(ListedModel.list(gateway.models))
        }
        routes.program(.get, OpenAIAddress.model, .callModel) { call in
            OpenAIAnswer.json(try await OpenAIRoutes.model(call.text("model"), plane).json)
        }
        routes.program(.post, OpenAIAddress.chat, .callModel) { call in
            let body = try await OpenAIRoutes.body(call.request)
            let request = ServingHeaders.gatewayCall(call)
            let answer = try await disconnects.watching(call.state.connection) { try await gateway.chat(body, request) }
            return OpenAIAnswer.response(answer)
        }
        routes.program(.post, OpenAIAddress.feedback, .labelAnswer) { call in
            let label = try await call.body(LabelRequest.self)
            guard let request = label.request else {
                throw GatewayError.invalid("request must be the x-request-id of the answer", param: "request")
            }
            return try JSONBody.answer(try await plane.traffic.requests.label(request, label, by: call.caller))
        }
    }

    /// The whole body; one that says it is too long is not read at all.
    private static func body(_ request: Request) async throws -> [UInt8] {
        do {
            return Array(try await request.collected(upTo: Gateway.limitBytes).readableBytesView)
        } catch let error as HTTPError where error.status == .contentTooLarge {
            throw GatewayError.tooLarge(limitBytes: Gateway.limitBytes)
        }
    }

    /// What `reference` means, by the same rule as where an answer is asked for.
    ///
    /// - Throws: `GatewayError.modelNotFound` with near names, `GatewayError.cannotRun`.
    private static func model(_ text: String, _ plane: ControlPlane) async throws -> ListedModel {
        guard let reference = try? Reference(text) else { throw GatewayError.modelNotFound(text, near: []) }
        if let model = try plane.gateway.model(reference, as: text) { return model }
        do {
            let resolved = try await plane.registry.releases.resolve(reference)
            return ListedModel(
                id: text,
                created: try await plane.registry.models.release(resolved.release).release.createdAt
            )
        } catch let error as ControlPlaneError where error.kind == .notFound {
            // Only what would be answered here: a version that no release is made of is none of them.
            var near: [String] = []
            for name in error.near {
                let isThere =
                    if let other = try? Reference(name) {
                        (try? await plane.registry.releases.resolve(other)) != nil
                    } else {
                        false
                    }
                if isThere { near.append(name) }
            }
            throw GatewayError.modelNotFound(text, near: near)
        }
    }
}

/// The headers of ours that requests may have.
enum ServingHeaders {
    private static let prefix = "x-serin-"

    /// Who asks, and what the headers ask for.
    static func gatewayCall(_ call: APICall) -> GatewayCall {
        func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { call.request.headers[$0] } }
        return GatewayCall(
            id: call.state.number,
            key: call.caller.name,
            capture: call.caller.capture,
            captureHeader: header("x-serin-capture"),
            deadlineHeader: header("x-serin-deadline-ms"),
            conversation: header("x-conversation-id"),
            keyDeadlineSeconds: call.caller.deadlineMilliseconds.map { Double($0) / 1000 },
            mayRunUnreleased: Operation.runUnreleased.permission.isGranted(to: call.caller.role),
            unknownHeader: unknown(call.request, known: GatewayCall.headers)
        )
    }

    /// Refuses headers of ours that the address does not take. Where answers are asked for, the gateway does it.
    ///
    /// - Throws: `Problem` with status 400, naming the header.
    static func check(_ request: Request, _ pattern: String) throws(Problem) {
        guard pattern != OpenAIAddress.chat, pattern != APIPath.chat.route else { return }
        guard let name = unknown(request, known: []) else { return }
        throw PathParts.refused("the header \(ErrorAnswer.shown(name)) is not known at this address: leave it out")
    }

    private static func unknown(_ request: Request, known: [String]) -> String? {
        request.headers.lazy.map(\.name.canonicalName)
            .first { $0.utf8.starts(with: prefix.utf8) && !known.contains($0) }
    }
}

/// The addresses that OpenAI's clients know.
enum OpenAIAddress {
    static let chat = "/v1/chat/completions"
    static let models = "/v1/models"
    static let model = "/v1/models/{model}"
    /// Ours: what was right or wrong about an answer, said by the application that got it.
    static let feedback = "/v1/feedback"

    /// Whether answers at `path` have OpenAI's shape, errors of all kinds included.
    static func owns(_ path: String) -> Bool { path.utf8.starts(with: "/v1/".utf8) || path == "/v1" }

    /// The method of the address `path`; nil when there is nothing at it.
    static func method(of path: String) -> String? {
        if path == chat || path == feedback { return "POST" }
        let isModel = path.utf8.starts(with: "\(models)/".utf8) && path.utf8.count > models.utf8.count + 1
        return path == models || isModel ? "GET" : nil
    }
}
