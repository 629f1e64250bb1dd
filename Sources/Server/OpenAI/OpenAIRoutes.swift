import ControlPlane
import Gateway
import HTTPTypes
import Hummingbird
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
            let id = try call.text("model")
            guard let model = gateway.models.first(where: { $0.id == id }) else {
                throw GatewayError.modelNotFound(id, near: [])
            }
            return OpenAIAnswer.json(model.json)
        }
        routes.program(.post, OpenAIAddress.chat, .callModel) { call in
            let body = try await OpenAIRoutes.body(call.request)
            let request = OpenAIRoutes.gatewayCall(call)
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

    private static func gatewayCall(_ call: APICall) -> GatewayCall {
        func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { call.request.headers[$0] } }
        return GatewayCall(
            id: call.state.number,
            key: call.caller.name,
            capture: call.caller.capture,
            captureHeader: header("x-serin-capture"),
            deadlineHeader: header("x-serin-deadline-ms"),
            conversation: header("x-conversation-id"),
            keyDeadlineSeconds: call.caller.deadlineMilliseconds.map { Double($0) / 1000 }
        )
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
