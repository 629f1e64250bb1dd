import Catalog
import Foundation
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

    /// Answers one request.
    ///
    /// - Throws: ``ControlPlaneError``: nothing live, a missing or unknown variable, a prompt that is too long.
    public func chat(_ request: ChatRequest, by caller: Caller) async throws -> ChatAnswer {
        let asked = try await prepare(request, by: caller)
        return try await answer(asked.request, as: asked.id, asked.plan, by: asked.engine, refused: asked.refused)
    }

    /// Takes one request, whose answer is written as it is generated. What the prompt does not take is refused here, before
    /// anything is written.
    ///
    /// - Throws: as ``chat(_:by:)``.
    public func stream(_ request: ChatRequest, by caller: Caller) async throws -> ChatStream {
        let asked = try await prepare(request, by: caller)
        do {
            return ChatStream(id: asked.id, plan: asked.plan, events: try asked.engine.serve(asked.request))
        } catch {
            throw Self.failure(error, asked.plan, refused: asked.refused)
        }
    }

    /// A request to a release, with the engine that is to answer it.
    private struct Asked {
        let id: ReleaseID
        let plan: ReleasePlan
        let engine: any AnswerEngine
        let request: AnswerRequest

        /// What a prompt does not take.
        func refused(_ error: PromptError) -> ControlPlaneError {
            ControlPlaneError(.badRequest, "\(error)", next: "\(.promptShow(plan.prompt.name))")
        }
    }

    private func prepare(_ request: ChatRequest, by caller: Caller) async throws -> Asked {
        try caller.require(.callModel)
        let (id, plan) = try await plan(of: request.release)
        let variables = try Self.variables(of: request, for: plan.prompt)
        return Asked(
            id: id,
            plan: plan,
            engine: try await releases.serving(plan).engine,
            request: AnswerRequest(
                prompt: plan.prompt,
                input: .variables(variables),
                time: ledger.now(),
                decoding: plan.content.decoding,
                seed: request.seed ?? 0
            )
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
        guard let body = detail.body, let captured = body.answers.first else {
            throw ControlPlaneError(
                .conflict,
                "the texts of \(id) are not there",
                why: detail.problem
                    ?? "only its metadata was kept: key \(record.key) captures \(record.capture.rawValue)",
                next: "a key that keeps texts: \(.keyCreate(role: .caller, capture: .redacted))"
            )
        }
        let choice =
            request.on
            ?? ReleaseChoice(reference: Reference(model: record.model, selector: .release(record.release)))
        guard choice.reference.model == record.model else {
            throw ControlPlaneError(.badRequest, "\(choice.reference) is not of model \(record.model)")
        }
        let (id, plan) = try await plan(of: choice)
        let (release, engine) = try await releases.serving(plan)
        let answer = try await answer(
            AnswerRequest(
                prompt: plan.prompt,
                input: body.messages.map { .messages($0) } ?? .variables(body.variables),
                time: body.askedAt ?? record.time,
                decoding: release.decoding.applying(body.settings),
                seed: record.seed,
                tools: release.takesTools ? body.tools : nil
            ),
            as: id,
            plan,
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
            note: Self.note(on: body, leavesToolsOut: body.tools != nil && !release.takesTools)
        )
    }

    /// Why the prompt is not the one that was answered; nil when it is.
    private static func note(on body: RequestBody, leavesToolsOut: Bool) -> String? {
        let parts = [
            body.redactions.isEmpty
                ? nil : "the stored texts were redacted, so the prompt is not the one that was answered",
            leavesToolsOut ? "the release has no place for the tools that were offered: they were left out" : nil,
        ]
        return parts.contains { $0 != nil } ? parts.compactMap(\.self).joined(separator: "; ") : nil
    }

    /// Asks an engine, and says in the words of this layer what it cannot answer.
    ///
    /// - Parameter refused: The error for a prompt that does not take the input.
    private func answer(
        _ request: AnswerRequest,
        as id: ReleaseID,
        _ plan: ReleasePlan,
        by engine: any AnswerEngine,
        refused: (PromptError) -> ControlPlaneError
    ) async throws -> ChatAnswer {
        let answer: Answer
        do { answer = try await engine.answer(request) } catch { throw Self.failure(error, plan, refused: refused) }
        return ChatAnswer(answer, by: id, plan)
    }

    /// What an engine cannot answer, in the words of this layer.
    static func failure(
        _ error: any Error,
        _ plan: ReleasePlan,
        refused: (PromptError) -> ControlPlaneError
    ) -> any Error {
        if let error = error as? PromptError { return refused(error) }
        if let error = error as? ReleaseRuntimeError, error.isOfRequest {
            return ControlPlaneError(.badRequest, "\(error)")
        }
        if Task.isCancelled { return error }
        return ControlPlaneError(.unavailable, "\(plan.version) cannot answer", why: "\(error)")
    }

    /// The release that a choice means, and what has to be loaded for it. One that was never made has no number yet; it
    /// is answered all the same, as the next one.
    private func plan(of choice: ReleaseChoice) async throws -> (ReleaseID, ReleasePlan) {
        let model = choice.reference.model
        let isPlain = choice.prompt == nil && (choice.set ?? [:]).isEmpty
        return try await ledger.read { state in
            if isPlain, let id = try? state.releaseID(of: choice.reference) {
                return (id, try ReleasePlan(state.requireRelease(id).content, of: model, in: state))
            }
            let content = try state.content(of: choice)
            let id = try state.release(model, with: content).id
            return (id, try ReleasePlan(content, of: model, in: state))
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

extension DecodingSettings {
    /// The settings with what a captured request changed.
    fileprivate func applying(_ changes: [String: JSONValue]) -> DecodingSettings {
        var settings = self
        for setting in DecodingSettings.Asked.allCases {
            if case .number(let value)? = changes[setting.rawValue] { settings.ask(setting, value) }
        }
        if case .object(let biases)? = changes["logitBias"] {
            settings.logitBias = [:]
            for (token, bias) in biases {
                if let token = Int(token), case .number(let bias) = bias { settings.logitBias?[token] = bias }
            }
        }
        if case .number(let value)? = changes["maxTokens"], value >= 1, value <= Double(settings.maxTokens) {
            settings.maxTokens = Int(value)
        }
        if case .array(let values)? = changes["stop"] {
            settings.stop += values.compactMap { if case .string(let text) = $0 { text } else { nil } }
        }
        return settings
    }
}

extension ToolCall {
    /// What it asks for, whatever it is called by.
    fileprivate var asked: [String] { [name, arguments] }
}
