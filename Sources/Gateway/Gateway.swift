import LongWork
public import RegistryTypes
import ReleaseRuntime
import Synchronization

/// The serving path: reads a request in OpenAI's form, finds the release that answers, once, lets the engine generate,
/// and hands over one record of what happened.
///
/// A request holds its release from its first line to its last: a channel that moves meanwhile changes nothing for it.
public final class Gateway: Sendable {
    /// Whether requests are taken.
    public enum Readiness: String, Sendable {
        /// No channels are known yet.
        case starting
        /// Requests are taken.
        case ready
        /// The server is being stopped: what was taken is finished, nothing new is.
        case draining
    }

    /// What is measured of all requests since the start.
    public let measurements = ServingMeasurements()

    private struct State {
        var routes = GatewayRoutes.none
        var readiness = Readiness.starting
    }

    private let configuration: GatewayConfiguration
    private let pinned: @Sendable (Reference, GatewayCall) async throws -> GatewayRoute
    private let began: @Sendable (RequestID, ReleaseID) -> Void
    private let record: @Sendable (CompletedRequest) -> Void
    private let state = Mutex(State())

    /// A gateway without routes.
    ///
    /// - Parameters:
    ///   - pinned: the route of a reference to a version or a release for a call, loaded when it is not; throws
    ///     ``GatewayError/modelNotFound(_:near:)`` and ``GatewayError/unavailable(_:)``.
    ///   - began: is told of each request before its release is asked; `record` tells its end.
    ///   - record: takes what is known of each request that reached a release, on its way out: it must not wait.
    public init(
        _ configuration: GatewayConfiguration,
        pinned: @escaping @Sendable (Reference, GatewayCall) async throws -> GatewayRoute,
        began: @escaping @Sendable (RequestID, ReleaseID) -> Void = { _, _ in },
        record: @escaping @Sendable (CompletedRequest) -> Void
    ) {
        self.configuration = configuration
        self.pinned = pinned
        self.began = began
        self.record = record
    }

    /// Replaces where the channels lead, for all requests that come from now on.
    public func update(_ routes: GatewayRoutes) {
        state.withLock { state in
            state.routes = routes
            if state.readiness == .starting { state.readiness = .ready }
        }
    }

    /// Takes no more requests; those that run go on.
    public func drain() { state.withLock { $0.readiness = .draining } }

    /// Whether a channel points to a release that is not in memory.
    public var hasUnloadedChannel: Bool { state.withLock { $0.routes }.channels.contains { $0.unloaded != nil } }

    /// Whether requests are taken.
    public var readiness: Readiness { state.withLock { $0.readiness } }

    /// What applications may call: each channel by its reference.
    public var models: [ListedModel] { state.withLock { $0.routes }.models }

    /// A channel by its reference; nil where that names a version or a release.
    ///
    /// - Throws: ``GatewayError/modelNotFound(_:near:)``, ``GatewayError/cannotRun(_:)``.
    public func model(_ reference: Reference, as text: String) throws(GatewayError) -> ListedModel? {
        try state.withLock { $0.routes }.model(reference, as: text)
    }

    /// What the engines behind the channels are doing: requests being answered, and requests that wait.
    public var engineLoad: (active: Int, queued: Int) {
        let channels = state.withLock { $0.routes }.channels
        var engines: [ObjectIdentifier: any AnswerEngine] = [:]
        for route in channels.flatMap({ [$0.live, $0.holdback?.route] }).compactMap({ $0 }) {
            engines[ObjectIdentifier(route.engine)] = route.engine
        }
        let load = engines.values.reduce(EngineLoad()) { $0 + $1.load }
        return (load.active, load.queued)
    }

    /// The most bytes of a request's body.
    public static var limitBytes: Int { ChatCompletionRequest.limitBytes }

    /// Answers `POST /v1/chat/completions`. A cancelled task ends the answer at the next token.
    ///
    /// - Throws: ``GatewayError``; `CancellationError` when the task was cancelled: the client is gone.
    public func chat(_ body: [UInt8], _ call: GatewayCall) async throws -> GatewayAnswer {
        let arrival = ContinuousClock.now
        let meter: RequestMeter
        do {
            meter = try await admit(body, call, arrival)
        } catch let error as GatewayError {
            measurements.refused(status: ErrorAnswer(error).status)
            throw error
        }
        do {
            return try await answer(meter)
        } catch is CancellationError {
            meter.close(.clientGone, status: 200)
            throw CancellationError()
        } catch {
            guard !Task.isCancelled else {
                meter.close(.clientGone, status: 200)
                throw CancellationError()
            }
            let failure = GatewayError(
                serving: error,
                deadline: meter.passedDeadline,
                isConversation: meter.facts.request.isConversation
            )
            meter.close(failure.outcome, status: ErrorAnswer(failure).status, failure)
            throw failure
        }
    }

    /// Reads a request and finds its route; from here on it is recorded, whatever becomes of it.
    private func admit(
        _ body: [UInt8],
        _ call: GatewayCall,
        _ arrival: ContinuousClock.Instant
    ) async throws -> RequestMeter {
        let (routes, readiness) = state.withLock { ($0.routes, $0.readiness) }
        guard readiness != .draining else { throw GatewayError.draining }
        let draft = try await LongWork.run(bytes: body.count) { try RequestDraft(body) }
        let request: ChatCompletionRequest, policy: CapturePolicy, asked: Double?
        do {
            request = try await LongWork.run(bytes: body.count) { try ChatCompletionRequest(draft) }
            policy = try call.policy()
            asked = try call.askedSeconds()
        } catch let error as GatewayError {
            if let model = draft.model { refuse(error, model, call, routes, arrival) }
            throw error
        }
        let unit = call.unit(request, key: configuration.unitKey)
        let route = try await route(request, call, unit, in: routes, arrival)
        let deadline: RequestDeadline
        do {
            deadline = try RequestDeadline(
                asked: asked,
                key: call.keyDeadlineSeconds,
                prompt: route.loaded.prompt,
                isStreamed: request.isStreamed,
                configuration.deadlines
            )
        } catch {
            refuse(error, request.model, call, route, arrival)
            throw error
        }
        let facts = RequestMeter.Facts(
            call: call,
            request: request,
            route: route,
            policy: policy,
            unit: unit,
            seed: request.seed ?? UInt64.random(in: .min ... .max),
            time: configuration.now(),
            deadline: deadline,
            arrival: arrival
        )
        measurements.began()
        began(call.id, route.release)
        return RequestMeter(facts, now: configuration.now) { [measurements, record] completed in
            measurements.ended(completed.record)
            record(completed)
        }
    }

    /// Where a request's reference leads.
    private func route(
        _ request: ChatCompletionRequest,
        _ call: GatewayCall,
        _ unit: String?,
        in routes: GatewayRoutes,
        _ arrival: ContinuousClock.Instant
    ) async throws -> GatewayRoute {
        let text = request.model
        guard let reference = try? Reference(text) else { throw GatewayError.modelNotFound(text, near: []) }
        switch reference.selector {
        case .live, .channel:
            guard let channel = routes.channel(reference) else {
                // A server that has not read its channels yet knows of no model, and says that rather.
                guard self.readiness != .starting else { throw GatewayError.unavailable("the server is starting") }
                throw GatewayError.modelNotFound(text, near: routes.near(reference))
            }
            guard let route = channel.route(for: unit ?? call.id.text) else {
                if let release = channel.elsewhere { throw GatewayError.servedElsewhere(channel, release) }
                let error = GatewayError.unavailable("\(channel.model)@\(channel.name) is not loaded")
                if let unloaded = channel.unloaded { fail(error, request, call, channel.name, unloaded, arrival) }
                throw error
            }
            return route
        case .version, .release:
            do {
                return try await pinned(reference, call)
            } catch let error as GatewayError {
                throw error
            } catch {
                if Task.isCancelled { throw CancellationError() }
                throw GatewayError.unavailable("\(error)")
            }
        }
    }

    /// Records a request that reached a release which is not in memory: a channel that is down must not look healthy,
    /// and a release that cannot be loaded must not come through its watch.
    private func fail(
        _ error: GatewayError,
        _ request: ChatCompletionRequest,
        _ call: GatewayCall,
        _ channel: Name,
        _ unloaded: GatewayChannel.Unloaded,
        _ arrival: ContinuousClock.Instant
    ) {
        let policy = (try? call.policy()) ?? .off
        let completed = RequestRecord(
            id: call.id,
            time: configuration.now(),
            model: unloaded.release.model,
            asked: request.model,
            channel: channel,
            release: unloaded.release.number,
            version: unloaded.version.number,
            prompt: unloaded.prompt,
            arm: .live,
            source: call.source,
            key: call.key,
            isStreamed: request.isStreamed,
            outcome: .engineFailed,
            status: 503,
            totalSeconds: arrival.duration(to: .now) / .seconds(1),
            capture: min(policy, .metadata),
            reason: error.reason
        )
        record(CompletedRequest(record: completed, body: RequestBody()))
    }

    /// Records a request that was refused before anything of it was used, with the release that would have answered. One that
    /// names a version or a release is not recorded: nothing is loaded for what makes no sense.
    private func refuse(
        _ error: GatewayError,
        _ model: String,
        _ call: GatewayCall,
        _ routes: GatewayRoutes,
        _ arrival: ContinuousClock.Instant
    ) {
        let channel = (try? Reference(model)).flatMap { routes.channel($0) }
        if let route = channel?.route(for: call.id.text) { refuse(error, model, call, route, arrival) }
    }

    private func refuse(
        _ error: GatewayError,
        _ model: String,
        _ call: GatewayCall,
        _ route: GatewayRoute,
        _ arrival: ContinuousClock.Instant
    ) {
        let completed = RequestRecord(
            id: call.id,
            time: configuration.now(),
            model: route.release.model,
            asked: model,
            channel: route.channel,
            release: route.release.number,
            version: route.version.number,
            prompt: route.prompt,
            arm: route.arm,
            source: call.source,
            key: call.key,
            outcome: error.outcome,
            status: ErrorAnswer(error).status,
            totalSeconds: arrival.duration(to: .now) / .seconds(1),
            // A header that cannot be read may have asked for nothing to be kept.
            capture: (try? call.policy()) ?? .off,
            reason: error.reason
        )
        record(CompletedRequest(record: completed, body: RequestBody(reason: "\(error)")))
    }

    private func answer(_ meter: RequestMeter) async throws -> GatewayAnswer {
        let facts = meter.facts, request = facts.request
        let head = AnswerHead(
            facts.call.id,
            created: facts.time,
            facts.route,
            clientSystem: request.clientSystem(for: facts.route.loaded),
            leftOut: request.leftOut(for: facts.route.loaded)
        )
        try request.check(for: facts.route.loaded)
        meter.submitted()
        let events = try await facts.route.engine.begin(
            AnswerRequest(
                prompt: facts.route.loaded.prompt,
                input: try request.servingInput(for: facts.route),
                time: facts.time,
                decoding: request.decoding(for: facts.route.loaded),
                seed: facts.seed,
                choices: request.choices,
                alternatives: request.wantsLogProbabilities ? request.alternatives : 0,
                caller: facts.call.key.text,
                deadline: facts.deadline.end(from: facts.arrival),
                tools: try request.tools(for: facts.route.loaded)
            )
        )
        guard request.isStreamed else { return .whole(head, body: try await whole(events, meter, head)) }
        // Until the engine has begun, an error can still be a status.
        var iterator = events.makeAsyncIterator()
        guard let first = try await iterator.next() else { throw GatewayError.cutOff }
        return .stream(head, AnswerStream(first, then: events, meter, head))
    }

    /// Waits for all of an answer.
    private func whole(
        _ events: AnswerEvents,
        _ meter: RequestMeter,
        _ head: AnswerHead
    ) async throws -> [UInt8] {
        let request = meter.facts.request
        var tokens: [Int: [AnswerToken]] = [:]
        var answers: [Int: Answer] = [:]
        for try await event in events {
            switch event {
            case .started(let promptTokens, let queueSeconds):
                meter.started(promptTokens: promptTokens, queueSeconds: queueSeconds)
            case .token(let choice, let token):
                meter.token(choice, token)
                if request.wantsLogProbabilities { tokens[choice, default: []].append(token) }
            case .finished(let choice, let answer):
                meter.finished(choice, answer)
                answers[choice] = answer
            }
        }
        let ordered = answers.sorted { $0.key < $1.key }
        guard ordered.count == request.choices else { throw GatewayError.cutOff }
        let body = WholeAnswer(
            head: head,
            choices: ordered.map { choice, answer in
                WholeAnswer.Choice(answer: answer, tokens: tokens[choice] ?? [])
            },
            usage: meter.counts,
            wantsLogProbabilities: request.wantsLogProbabilities,
            isOutputValid: meter.isOutputValid(ordered.map(\.value))
        )
        meter.close(.answered, status: 200)
        return body.json
    }
}

/// What a gateway is told when it is made.
public struct GatewayConfiguration: Sendable {
    /// When requests are given up.
    public let deadlines: GatewayDeadlines
    /// What names of users and conversations are hashed with; without it the hashes mean nothing.
    public let unitKey: [UInt8]
    /// The wall clock.
    public let now: @Sendable () -> Timestamp

    /// Makes the value from its fields.
    public init(
        deadlines: GatewayDeadlines = GatewayDeadlines(),
        unitKey: [UInt8],
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.deadlines = deadlines
        self.unitKey = unitKey
        self.now = now
    }
}
