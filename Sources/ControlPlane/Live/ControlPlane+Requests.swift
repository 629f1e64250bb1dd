import Catalog
import Foundation
import RegistryRecords
public import RegistryTypes
import ReleaseRuntime
import StrictJSON
import TrafficLog
import UserDocuments
public import WireFormat

/// Captured requests: listed, shown, labelled, and answered again.
extension ControlPlane {
    /// Captured requests, newest first.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badRequest` for a term that is not known.
    public func requests(_ query: RequestQuery) async throws -> RequestPage {
        var filter = TrafficFilter(model: query.model, since: query.since, until: query.until)
        do {
            for (term, value) in query.terms { try filter.set(term, to: value) }
            // One more than is shown tells whether there is more.
            let limit = min(max(query.limit, 1), 500)
            let found = try await traffic.list(filter, before: query.before, limit: limit + 1).requests
            return RequestPage(
                items: found.prefix(limit).map { RequestRow($0) },
                next: found.count > limit ? found[limit - 1].record.id.text : nil,
                capture: try await capture()
            )
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
    }

    /// All about a captured request.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `notFound` when it was not kept, or its day was dropped.
    public func request(_ id: RequestID) async throws -> RequestView {
        let detail = try await detail(id)
        let record = detail.request.record
        let schema = try await read { try $0.prompt(record.prompt)?.document.output }
        let problems = detail.body?.answers.first.flatMap { schema?.problems(in: $0) } ?? []
        return RequestView(record: record, body: detail.body, labels: detail.labels, problems: problems)
    }

    /// Says something of an answer: it is on disk before this returns, and counts for the service levels at once.
    ///
    /// - Throws: ``ControlPlaneError``: `badRequest` when nothing is said; `notFound` for a request that was not kept.
    public func label(_ id: RequestID, _ request: LabelRequest, by caller: Caller) async throws -> RequestLabel {
        try caller.require(.call, to: "label answers")
        let label = RequestLabel(
            request: id,
            isCorrect: request.correct,
            isLiked: try Self.thumb(request.thumb),
            correction: request.correction,
            comment: request.comment,
            by: caller.name,
            at: configuration.now()
        )
        guard label.isCorrect != nil || label.isLiked != nil || label.correction != nil || label.comment != nil else {
            throw ControlPlaneError(
                .badRequest,
                "the label says nothing",
                next: "say \"correct\": true or false, \"thumb\": \"up\" or \"down\", \"correction\" or \"comment\""
            )
        }
        for text in [label.correction, label.comment].compactMap({ $0 }) where text.utf8.count > 64 << 10 {
            throw ControlPlaneError(.badRequest, "a correction or comment has at most 65536 bytes")
        }
        do {
            recorder.label(label, try await captureQueue.label(label))
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
        return label
    }

    /// Answers a captured request again, with the release that answered or another one, and compares token by token.
    /// Nothing of it is captured or counted.
    ///
    /// - Throws: ``ControlPlaneError``: `notFound`; `conflict` when the texts were not kept.
    public func replayRequest(_ id: RequestID, _ request: ReplayRequest, by caller: Caller) async throws
        -> ReplayAnswer
    {
        try caller.require(.call, to: "call models")
        let detail = try await detail(id)
        let record = detail.request.record
        guard let body = detail.body, let captured = body.answers.first else {
            throw ControlPlaneError(
                .conflict,
                "the texts of \(id) are not there",
                why: detail.problem
                    ?? "only its metadata was kept: key \(record.key) captures \(record.capture.rawValue)",
                next: "a key that keeps texts: serin key create NAME --role caller --capture redacted"
            )
        }
        let choice =
            request.on
            ?? ReleaseChoice(reference: Reference(model: record.model, selector: .release(record.release)))
        guard choice.reference.model == record.model else {
            throw ControlPlaneError(.badRequest, "\(choice.reference) is not of model \(record.model)")
        }
        let (id, content) = try await content(of: choice)
        let plan = try await plan(content, of: record.model)
        let (release, engine) = try await releases.serving(plan)
        let answer: Answer
        do {
            answer = try await engine.answer(
                AnswerRequest(
                    prompt: plan.prompt,
                    input: body.messages.map { .messages($0) } ?? .variables(body.variables),
                    decoding: release.decoding.applying(body.settings),
                    seed: record.seed
                )
            )
        } catch let error as PromptError {
            throw ControlPlaneError(.conflict, "\(plan.content.prompt) does not take this request", why: "\(error)")
        } catch let error as ReleaseRuntimeError where error.isOfRequest {
            throw ControlPlaneError(.badRequest, "\(error)")
        } catch {
            if Task.isCancelled { throw error }
            throw ControlPlaneError(.unavailable, "\(plan.version) cannot answer", why: "\(error)")
        }
        let view = ChatAnswer(
            text: answer.text,
            finish: answer.finish.rawValue,
            release: id,
            version: plan.version,
            prompt: content.prompt,
            promptTokens: answer.promptTokens,
            outputTokens: answer.outputTokens,
            firstTokenSeconds: answer.firstTokenSeconds,
            perTokenSeconds: answer.perTokenSeconds,
            totalSeconds: answer.totalSeconds,
            problems: plan.prompt.output?.problems(in: answer.text) ?? []
        )
        let isSame = Array(captured.utf8) == Array(answer.text.utf8)
        return ReplayAnswer(
            record: record,
            body: body,
            release: id,
            version: plan.version,
            prompt: content.prompt,
            answer: view,
            isSame: isSame,
            differences: TokenComparison.differences(
                release.tokens(of: captured),
                release.tokens(of: answer.text),
                of: release
            ),
            note: body.redactions.isEmpty
                ? nil : "the stored texts were redacted, so the prompt is not the one that was answered"
        )
    }

    /// How the capture stands.
    public func capture() async throws -> CaptureView {
        let counters = captureQueue.counters
        let days: [DayFacts]
        do {
            days = try await traffic.facts()
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
        return CaptureView(
            offered: counters.offered,
            stored: counters.stored,
            dropped: Dictionary(uniqueKeysWithValues: counters.dropped.map { ($0.key.rawValue, $0.value) }),
            days: days.map { day in
                CaptureDay(
                    day: day.day.description,
                    requests: day.requests,
                    withTexts: day.withTexts,
                    bytes: day.bytes,
                    problem: day.problem
                )
            },
            keepDays: configuration.keepDays,
            redactionVersion: Redaction.version,
            newest: days.compactMap(\.newest).max()
        )
    }

    /// The rows of requests whose ids are known; those whose day was dropped are left out.
    func rows(of ids: [RequestID]) async throws -> [RequestRow] {
        var rows: [RequestRow] = []
        for id in ids {
            if let stored = try? await traffic.request(id) {
                rows.append(RequestRow(stored))
            } else if let record = recent.record(id) {
                rows.append(RequestRow(record: record, isCorrect: nil, isLiked: nil))
            }
        }
        return rows
    }

    private func detail(_ id: RequestID) async throws -> RequestDetail {
        if recent.record(id) != nil { await captureQueue.flush() }
        do {
            return try await traffic.detail(id)
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
    }

    private func content(of choice: ReleaseChoice) async throws -> (ReleaseID, ReleaseContent) {
        let isPlain = choice.prompt == nil && (choice.set ?? [:]).isEmpty
        return try await read { state in
            if isPlain, let id = try? Self.releaseID(of: choice.reference, in: state) {
                return (id, try Self.requireRelease(id, in: state).content)
            }
            let content = try Self.content(of: choice, in: state)
            return (try Self.release(choice.reference.model, with: content, in: state).id, content)
        }
    }

    private static func thumb(_ text: String?) throws -> Bool? {
        switch text {
        case nil: return nil
        case "up": return true
        case "down": return false
        case .some:
            throw ControlPlaneError(.badRequest, "a thumb is \"up\" or \"down\"")
        }
    }
}

extension RequestRow {
    init(_ stored: StoredRequest) {
        self.init(record: stored.record, isCorrect: stored.label.isCorrect, isLiked: stored.label.isLiked)
    }
}

extension DecodingSettings {
    /// The settings with what a captured request changed.
    fileprivate func applying(_ changes: [String: JSONValue]) -> DecodingSettings {
        var settings = self
        if case .number(let value)? = changes["temperature"] { settings.temperature = value }
        if case .number(let value)? = changes["topP"] { settings.topP = value }
        if case .number(let value)? = changes["maxTokens"], value >= 1, value <= Double(settings.maxTokens) {
            settings.maxTokens = Int(value)
        }
        if case .array(let values)? = changes["stop"] {
            settings.stop += values.compactMap { if case .string(let text) = $0 { text } else { nil } }
        }
        return settings
    }
}
