import Catalog
import Foundation
import Gateway
import RegistryRecords
public import RegistryTypes
import ReleaseRuntime
import StrictJSON
import TrafficLog
import UserDocuments
public import WireFormat
import Wording

/// Single requests outside the gateway: `serin chat`, and captured ones answered again.
public struct Answering: Sendable {
    let ledger: Ledger
    let releases: LoadedReleases
    let requests: CapturedRequests
    let deadlines: GatewayDeadlines

    /// What is known of a request besides what it asks.
    public struct Arrival: Sendable {
        let id: RequestID
        let capture: CapturePolicy
        let seconds: Double?
        let instant = ContinuousClock.now

        /// A request that came just now.
        ///
        /// - Parameters:
        ///   - id: Its number, which its caller gets.
        ///   - capture: What may be kept of it. Of what was never live, who ran it and when is kept in any case.
        ///   - seconds: How long the request itself allows; nil where it says nothing.
        public init(_ id: RequestID, capture: CapturePolicy, within seconds: Double? = nil) {
            self.id = id
            self.capture = capture
            self.seconds = seconds
        }
    }

    /// Answers one request. One to what was never live is recorded, however it ends.
    ///
    /// - Throws: ``ControlPlaneError``: nothing live, a missing or unknown variable, a prompt that is too long;
    ///   `GatewayError` when the deadline passes, and for one that the server does not allow.
    public func chat(_ request: ChatRequest, _ arrival: Arrival, by caller: Caller) async throws -> ChatAnswer {
        let asked = try await prepare(request, arrival, isStreamed: false, by: caller)
        do {
            let answer = try await asked.engine.answer(asked.request)
            if let unreleased = asked.unreleased {
                requests.recorder.record(unreleased.answered(answer, asked.source, at: ledger.now()))
            }
            return ChatAnswer(answer, asked.source)
        } catch {
            record(asked, error)
            throw Self.failure(error, asked.source, refused: asked.refused)
        }
    }

    private func record(_ asked: Asked, _ error: any Error) {
        guard let unreleased = asked.unreleased else { return }
        requests.recorder.record(
            unreleased.failed(error, asked.source, isCancelled: Task.isCancelled, at: ledger.now())
        )
    }

    /// Takes one request, whose answer is written as it is generated. What the prompt does not take is refused here, before
    /// anything is written.
    ///
    /// - Throws: as ``chat(_:_:by:)``.
    public func stream(_ request: ChatRequest, _ arrival: Arrival, by caller: Caller) async throws -> ChatStream {
        let asked = try await prepare(request, arrival, isStreamed: true, by: caller)
        do {
            return ChatStream(
                source: asked.source,
                events: try await asked.engine.begin(asked.request),
                unreleased: asked.unreleased,
                recorder: requests.recorder,
                now: ledger.now
            )
        } catch {
            record(asked, error)
            throw Self.failure(error, asked.source, refused: asked.refused)
        }
    }

    /// A request to a release, with the engine that is to answer it.
    private struct Asked {
        let source: AnswerSource
        let engine: any AnswerEngine
        let request: AnswerRequest
        /// Where it is one to what was never live.
        let unreleased: UnreleasedRequest?

        /// What a prompt does not take.
        func refused(_ error: PromptError) -> ControlPlaneError {
            ControlPlaneError(.badRequest, "\(error)", next: "\(.promptShow(source.plan.prompt.name))")
        }
    }

    private func prepare(
        _ request: ChatRequest,
        _ arrival: Arrival,
        isStreamed: Bool,
        by caller: Caller
    ) async throws -> Asked {
        try caller.require(.callModel)
        let (id, plan, wasLive) = try await plan(of: request.release, by: caller)
        let variables = try Self.variables(of: request, for: plan.prompt)
        let deadline = try deadline(of: plan.prompt, within: arrival.seconds, isStreamed: isStreamed, caller)
        let now = ledger.now()
        return Asked(
            source: AnswerSource(
                id: id,
                plan: plan,
                // Of what is no release, the limit is the one that was asked for.
                check: OutputCheck(plan.prompt.output, maxTokens: id == nil ? .max : plan.content.decoding.maxTokens),
                deadline: deadline
            ),
            engine: try await releases.serving(plan).engine,
            request: AnswerRequest(
                prompt: plan.prompt,
                input: .variables(variables),
                time: now,
                decoding: plan.content.decoding,
                seed: request.seed ?? 0,
                caller: caller.name.text,
                deadline: deadline.end(from: arrival.instant)
            ),
            unreleased: wasLive
                ? nil
                : UnreleasedRequest(
                    id: arrival.id,
                    asked: "\(request.release.reference)",
                    key: caller.name,
                    capture: arrival.capture,
                    isStreamed: isStreamed,
                    variables: variables,
                    seed: request.seed ?? 0,
                    askedAt: now,
                    arrival: arrival.instant
                )
        )
    }

    /// How long an answer may take: by the same rules as the gateway's.
    private func deadline(
        of prompt: PromptDocument,
        within seconds: Double?,
        isStreamed: Bool,
        _ caller: Caller
    ) throws -> RequestDeadline {
        try RequestDeadline(
            asked: seconds,
            key: caller.deadlineMilliseconds.map { Double($0) / 1000 },
            prompt: prompt,
            isStreamed: isStreamed,
            deadlines
        )
    }

    /// Answers a captured request again, with the release that answered or another one, and compares token by token.
    /// Nothing of it is captured or counted.
    ///
    /// - Throws: ``ControlPlaneError``: `notFound`; `conflict` when the texts were not kept.
    public func replay(_ id: RequestID, _ request: ReplayRequest, by caller: Caller) async throws
        -> ReplayAnswer
    {
        try caller.require(.replayRequest)
        let detail = try await requests.detail(id)
        let record = detail.request.record
        guard record.outcome != .rejected else {
            throw ControlPlaneError(
                .conflict,
                "\(id) was refused, and no release answers it",
                why: detail.body?.reason ?? record.reason,
                next: "\(.requestShow(id))"
            )
        }
        let arrival = ContinuousClock.now
        guard let body = detail.body, let captured = body.answers.first else {
            throw ControlPlaneError(
                .conflict,
                "the texts of \(id) are not there",
                why: detail.problem
                    ?? "only its metadata was kept: key \(record.key) captures \(record.capture.rawValue)",
                next: "a key that keeps texts: \(.keyCreate(role: .caller, capture: .redacted))"
            )
        }
        guard request.on != nil || record.release != RequestRecord.noRelease else {
            throw ControlPlaneError(
                .conflict,
                "what answered \(id) is no release",
                why: "it was \(record.model)@\(record.version) with a prompt and settings of its own",
                next: "say what is to answer it: --on @\(record.version)"
            )
        }
        let choice =
            request.on
            ?? ReleaseChoice(reference: Reference(model: record.model, selector: .release(record.release)))
        guard choice.reference.model == record.model else {
            throw ControlPlaneError(.badRequest, "\(choice.reference) is not of model \(record.model)")
        }
        let (id, plan, _) = try await plan(of: choice, by: caller)
        let (release, engine) = try await releases.serving(plan)
        let deadline = try deadline(of: plan.prompt, within: nil, isStreamed: false, caller)
        let source = AnswerSource(
            id: id,
            plan: plan,
            check: OutputCheck(
                plan.prompt.output,
                wantsJSON: body.settings["format"] == .string("json"),
                maxTokens: id == nil ? .max : plan.content.decoding.maxTokens,
                hasOwnStop: body.settings["stop"] != nil
            ),
            deadline: deadline
        )
        let answer = try await answer(
            AnswerRequest(
                prompt: plan.prompt,
                input: body.messages.map { .messages($0) } ?? .variables(body.variables),
                time: body.askedAt ?? record.time,
                decoding: release.decoding.applying(body.settings),
                seed: record.seed,
                caller: caller.name.text,
                deadline: deadline.end(from: arrival),
                tools: release.takesTools ? body.tools : nil
            ),
            source,
            by: engine
        ) { ControlPlaneError(.conflict, "\(plan.content.prompt) does not take this request", why: "\($0)") }
        let isSame =
            Array(captured.utf8) == Array(answer.text.utf8)
            && (body.calls?.first ?? []).map(\.asked) == (answer.calls ?? []).map(\.asked)
        return ReplayAnswer(
            record: record,
            body: body,
            release: id,
            version: plan.version,
            prompt: plan.content.prompt,
            answer: answer,
            isSame: isSame,
            differences: TokenComparison.differences(
                release.tokens(of: captured),
                release.tokens(of: answer.text),
                of: release
            ),
            note: Self.note(on: body, record.outcome, leavesToolsOut: body.tools != nil && !release.takesTools)
        )
    }

    /// Why the comparison is not one of two whole answers to the same prompt; nil when it is.
    private static func note(on body: RequestBody, _ outcome: RequestOutcome, leavesToolsOut: Bool) -> String? {
        let answers = body.answers.count
        let parts = [
            unfinished(outcome),
            answers > 1 ? "it asked for \(answers) answers: the first of them is compared" : nil,
            body.redactions.isEmpty
                ? nil : "the stored texts were redacted, so the prompt is not the one that was answered",
            leavesToolsOut ? "the release has no place for the tools that were offered: they were left out" : nil,
        ]
        return parts.contains { $0 != nil } ? parts.compactMap(\.self).joined(separator: "; ") : nil
    }

    /// Why there was no whole answer; nil where there was.
    private static func unfinished(_ outcome: RequestOutcome) -> String? {
        switch outcome {
        case .answered, .rejected: nil
        case .clientGone: "its client left before the answer was whole: only the part of then is compared"
        case .timedOut, .clientDeadline:
            "its deadline passed before the answer was whole: only the part of then is compared"
        case .overloaded, .ownLoad: "it was turned away then: there is no answer to compare with"
        case .engineFailed: "it failed then: there is no whole answer to compare with"
        }
    }

    /// Asks an engine, and says in the words of this layer what it cannot answer.
    ///
    /// - Parameter refused: The error for a prompt that does not take the input.
    private func answer(
        _ request: AnswerRequest,
        _ source: AnswerSource,
        by engine: any AnswerEngine,
        refused: (PromptError) -> ControlPlaneError
    ) async throws -> ChatAnswer {
        let answer: Answer
        do { answer = try await engine.answer(request) } catch { throw Self.failure(error, source, refused: refused) }
        return ChatAnswer(answer, source)
    }

    /// What an engine cannot answer, in the words of this layer.
    static func failure(
        _ error: any Error,
        _ source: AnswerSource,
        refused: (PromptError) -> ControlPlaneError
    ) -> any Error {
        if let error = error as? PromptError { return refused(error) }
        if let error = error as? ReleaseRuntimeError {
            if error.isOfRequest { return ControlPlaneError(.badRequest, "\(error)") }
            if error.isOfTime { return GatewayError(serving: error, deadline: source.deadline) }
        }
        if Task.isCancelled { return error }
        return ControlPlaneError(.unavailable, "\(source.plan.version) cannot answer", why: "\(error)")
    }

    /// The release that a choice means, what has to be loaded for it, and whether it was ever live. What was never made is no
    /// release, and is answered all the same.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `notAllowed` for what was never live, asked for with a key that only calls.
    private func plan(
        of choice: ReleaseChoice,
        by caller: Caller
    ) async throws -> (id: ReleaseID?, plan: ReleasePlan, wasLive: Bool) {
        let model = choice.reference.model
        let isPlain = choice.prompt == nil && (choice.set ?? [:]).isEmpty
        return try await ledger.read { state in
            if isPlain, let id = try? state.releaseID(of: choice.reference) {
                let wasLive = try ReleaseHistory(id, in: state).wasLive()
                if !wasLive { try caller.require(.runUnreleased) }
                return (id, try ReleasePlan(state.requireRelease(id).content, of: model, in: state), wasLive)
            }
            let content = try state.content(of: choice)
            let id = try state.release(of: model, content: content)?.id
            let wasLive = try id.map { try ReleaseHistory($0, in: state).wasLive() } ?? false
            if !wasLive { try caller.require(.runUnreleased) }
            return (id, try ReleasePlan(content, of: model, in: state), wasLive)
        }
    }

    /// The values of the variables: as given, or the text as the value of the only required one.
    private static func variables(of request: ChatRequest, for prompt: PromptDocument) throws -> [String: String] {
        guard let text = request.text else { return request.variables }
        return try variables(request.variables, and: text, for: prompt)
    }

    /// The values of the variables with a text as the value of the only required one.
    static func variables(
        _ variables: [String: String],
        and text: String,
        for prompt: PromptDocument
    ) throws -> [String: String] {
        let required = prompt.variables.filter(\.isRequired).map(\.name)
        guard required.count == 1, variables[required[0]] == nil else {
            throw ControlPlaneError(
                .badRequest,
                "prompt \(prompt.name) does not take a single text",
                why: "its required variables are: " + (required.isEmpty ? "none" : required.joined(separator: ", ")),
                next: "name them: --var \(required.first ?? "NAME")=VALUE"
            )
        }
        return variables.merging([required[0]: text]) { $1 }
    }
}

/// What an answer comes from, and what is wanted of it.
struct AnswerSource: Sendable {
    /// The release; nil where no release has this content.
    let id: ReleaseID?
    let plan: ReleasePlan
    let check: OutputCheck
    let deadline: RequestDeadline
}

extension ToolCall {
    /// What it asks for, whatever it is called by.
    fileprivate var asked: [String] { [name, arguments] }
}
