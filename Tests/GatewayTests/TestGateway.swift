import Foundation
import RegistryTypes
import ReleaseRuntime
import StrictJSON
import Synchronization
import TestSupport
import Testing
import UserDocuments

@testable import Gateway

/// A gateway over the demo's first version, and what it handed over.
final class TestGateway: Sendable {
    let gateway: Gateway
    let engine: any AnswerEngine
    let loaded: LoadedRelease
    private let records = Mutex<[CompletedRequest]>([])

    /// The weights are read once for all tests.
    private static let weights = Result {
        try LoadedWeights(path: Checkout.demoWeights.path)
    }

    private final class Box: Sendable {
        let record = Mutex<(@Sendable (CompletedRequest) -> Void)?>(nil)
        let pinned = Mutex<(@Sendable (Reference) throws -> GatewayRoute)?>(nil)
    }

    init(
        limits: EngineLimits = EngineLimits(),
        decoding: DecodingSettings = DecodingSettings(maxTokens: 64),
        weights: LoadedWeights? = nil,
        prompt: PromptDocument? = nil,
        deadlines: GatewayDeadlines = GatewayDeadlines()
    ) throws {
        let weights = try weights ?? Self.weights.get()
        let engine = try weights.makeEngine(limits: limits)
        let loaded = try LoadedRelease(weights: weights, prompt: prompt ?? Self.prompt(), decoding: decoding)
        self.engine = engine
        self.loaded = loaded
        let box = Box()
        gateway = Gateway(
            GatewayConfiguration(
                deadlines: deadlines,
                unitKey: Array("key".utf8),
                now: { Timestamp(milliseconds: 1_763_751_600_000) }
            ),
            pinned: { reference, _ in
                guard let pinned = box.pinned.withLock({ $0 }) else {
                    throw GatewayError.modelNotFound(reference.description, near: [])
                }
                return try pinned(reference)
            },
            record: { completed in box.record.withLock { $0 }?(completed) }
        )
        box.record.withLock { $0 = { [weak self] completed in self?.records.withLock { $0.append(completed) } } }
        box.pinned.withLock { pinned in
            pinned = { reference in
                guard case .release(let number) = reference.selector, number <= 9 else {
                    throw GatewayError.modelNotFound(reference.description, near: [])
                }
                return try Self.route(number, nil, .pinned, loaded, engine)
            }
        }
        let production = try Name("production")
        gateway.update(
            GatewayRoutes([
                GatewayChannel(
                    model: try Name("ticket-bot"),
                    name: production,
                    created: Timestamp(milliseconds: 1_700_000_000_000),
                    live: try Self.route(2, production, .live, loaded, engine)
                ),
                GatewayChannel(
                    model: try Name("ticket-bot"),
                    name: try Name("staging"),
                    created: Timestamp(milliseconds: 1_700_000_000_000),
                    live: nil
                ),
            ])
        )
    }

    /// A route to a release of the loaded weights.
    static func route(
        _ number: Int,
        _ channel: Name?,
        _ arm: TrafficArm,
        _ loaded: LoadedRelease,
        _ engine: any AnswerEngine
    ) throws -> GatewayRoute {
        let model = try Name("ticket-bot")
        return GatewayRoute(
            release: ReleaseID(model, number),
            version: VersionID(model, 1),
            prompt: VersionID(try Name("triage"), 3),
            channel: channel,
            arm: arm,
            loaded: loaded,
            engine: engine
        )
    }

    static func prompt(
        clientSystem: ClientSystem? = nil,
        deadlineSeconds: Double? = nil,
        hasSchema: Bool = true
    ) throws -> PromptDocument {
        let schema = JSONValue.object(["type": .string("object"), "required": .array([.string("intent")])])
        return PromptDocument(
            name: try Name("triage"),
            format: .chatml,
            messages: [
                PromptMessage(role: .system, text: "Return one JSON object: intent, order, priority."),
                PromptMessage(role: .user, text: "{{ticket}}"),
            ],
            variables: [PromptVariable(name: "ticket", isRequired: true, maxLength: 2000)],
            output: hasSchema ? try OutputSchema(schema) : nil,
            clientSystem: clientSystem,
            deadlineSeconds: deadlineSeconds
        )
    }

    /// A request's number that says nothing.
    static func call(
        capture: CapturePolicy = .redacted,
        captureHeader: String? = nil,
        deadlineHeader: String? = nil,
        conversation: String? = nil,
        keyDeadlineSeconds: Double? = nil
    ) throws -> GatewayCall {
        GatewayCall(
            id: RequestID(time: Timestamp(milliseconds: 1_763_751_600_000), random: (1, .random(in: 0 ... .max))),
            key: try Name("app"),
            capture: capture,
            captureHeader: captureHeader,
            deadlineHeader: deadlineHeader,
            conversation: conversation,
            keyDeadlineSeconds: keyDeadlineSeconds
        )
    }

    /// Asks, with `more` members in the body.
    func ask(_ more: String = "", model: String = "ticket-bot", call: GatewayCall? = nil) async throws -> GatewayAnswer
    {
        let body = """
            {"model": "\(model)", "messages": [{"role": "user", "content": "\(Self.ticket)"}]\(more)}
            """
        return try await gateway.chat(Array(body.utf8), call ?? Self.call())
    }

    static let ticket = "Where is my parcel? Order 48213. Thanks!"

    /// All that was handed over so far.
    var all: [CompletedRequest] { records.withLock { $0 } }

    /// What was handed over last.
    var last: CompletedRequest? { all.last }
}

extension GatewayAnswer {
    /// The body as JSON.
    var json: JSONValue {
        get throws {
            guard case .whole(_, let body) = self else { throw AnswerIsStreamed() }
            return try JSONText.parse(String(decoding: body, as: UTF8.self))
        }
    }

    struct AnswerIsStreamed: Error {}

    /// The payloads of all events.
    func events() async throws -> [String] {
        guard case .stream(_, let stream) = self else { throw AnswerIsStreamed() }
        var bytes: [UInt8] = []
        try await stream.write { bytes += $0 }
        let text = try #require(String(validating: bytes, as: UTF8.self))
        #expect(text.hasSuffix("\n\n"))
        return text.split(separator: "\n\n").map { event in
            #expect(event.hasPrefix("data: ") && !event.contains("\n"))
            return String(event.dropFirst(6))
        }
    }
}

extension JSONValue {
    subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    subscript(_ index: Int) -> JSONValue? {
        guard case .array(let items) = self, items.indices.contains(index) else { return nil }
        return items[index]
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var number: Double? {
        guard case .number(let number) = self else { return nil }
        return number
    }
}

extension RequestDeadline {
    /// What a request has about which nobody says anything.
    static func usual() throws -> RequestDeadline {
        try RequestDeadline(
            asked: nil,
            key: nil,
            prompt: TestGateway.prompt(),
            isStreamed: false,
            GatewayDeadlines()
        )
    }
}
