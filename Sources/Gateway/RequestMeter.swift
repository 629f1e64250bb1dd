public import RegistryTypes
import ReleaseRuntime
import Synchronization
import UserDocuments

/// Measures one request from its arrival to its end, and hands over the record exactly once.
///
/// When it is dropped without an end, the client went away: nobody was left to take the answer.
final class RequestMeter: Sendable {
    /// What is known before anything is generated.
    struct Facts: Sendable {
        let call: GatewayCall
        let request: ChatCompletionRequest
        let route: GatewayRoute
        let policy: CapturePolicy
        let unit: String?
        let seed: UInt64
        /// When it came, by the wall clock.
        let time: Timestamp
        /// When it is given up, and who said so.
        let deadline: RequestDeadline
        let arrival: ContinuousClock.Instant

        /// What was settled about it.
        var terms: RequestTerms {
            RequestTerms(
                deadlineSeconds: deadline.seconds,
                idleSeconds: deadline.idleSeconds,
                deadlineOwner: deadline.owner.recorded,
                clientSystem: request.clientSystem(for: route.loaded)?.rawValue,
                leftOut: request.leftOut(for: route.loaded),
                turns: request.turns
            )
        }
    }

    private struct State {
        var promptTokens: Int?
        var queueSeconds: Double?
        /// Seconds from the arrival to the moment when the engine was asked: its own times count from there.
        var submitted = 0.0
        var firstToken: Double?
        /// Of the first choice, whose pauses are measured.
        var lastToken: Double?
        var longestGap: Double?
        var timedTokens = 0
        var tokens = 0
        var texts: [String]
        var thinking: [String]
        var answers: [Int: Answer] = [:]
        var isClosed = false
    }

    let facts: Facts
    private let state: Mutex<State>
    private let now: @Sendable () -> Timestamp
    private let done: @Sendable (CompletedRequest) -> Void

    init(_ facts: Facts, now: @escaping @Sendable () -> Timestamp, done: @escaping @Sendable (CompletedRequest) -> Void)
    {
        self.facts = facts
        self.now = now
        self.done = done
        state = Mutex(
            State(
                texts: Array(repeating: "", count: facts.request.choices),
                thinking: Array(repeating: "", count: facts.request.choices)
            )
        )
    }

    deinit { close(.clientGone, status: 200) }

    /// The engine is asked.
    func submitted() {
        let seconds = facts.arrival.duration(to: .now) / .seconds(1)
        state.withLock { $0.submitted = seconds }
    }

    /// The engine began to work.
    func started(promptTokens: Int, queueSeconds: Double) {
        state.withLock { state in
            state.promptTokens = promptTokens
            state.queueSeconds = state.submitted + queueSeconds
        }
    }

    /// A token came. Its time is the engine's: tokens may be handed over together.
    func token(_ choice: Int, _ token: AnswerToken) {
        state.withLock { state in
            if state.firstToken == nil { state.firstToken = token.seconds }
            if !token.isEnd { state.tokens += 1 }
            if state.texts.indices.contains(choice) {
                state.texts[choice] += token.text
                state.thinking[choice] += token.thinking
            }
            guard choice == 0 else { return }
            if let last = state.lastToken {
                state.longestGap = max(state.longestGap ?? 0, token.seconds - last)
            }
            state.lastToken = token.seconds
            state.timedTokens += 1
        }
    }

    /// A choice is complete.
    func finished(_ choice: Int, _ answer: Answer) { state.withLock { $0.answers[choice] = answer } }

    /// The deadline as it passed: at its own time, however late that was noticed.
    var passedDeadline: RequestDeadline {
        let now = facts.arrival.duration(to: .now) / .seconds(1)
        let elapsed = facts.deadline.idleSeconds == nil ? min(now, facts.deadline.seconds) : now
        return state.withLock { state in
            let last = state.lastToken.map { max(0, elapsed - state.submitted - $0) }
            return facts.deadline.passing(
                at: elapsed,
                firstToken: state.firstToken.map { state.submitted + $0 },
                longestGap: max(state.longestGap ?? 0, last ?? 0)
            )
        }
    }

    /// Whether all choices are complete.
    var isComplete: Bool { state.withLock { $0.answers.count == $0.texts.count } }

    /// The tokens so far.
    var counts: TokenCounts {
        state.withLock { TokenCounts(prompt: $0.promptTokens ?? 0, output: Self.outputTokens($0)) }
    }

    /// Ends the request; only the first call counts.
    ///
    /// - Parameter error: Why there is no answer.
    func close(_ outcome: RequestOutcome, status: Int, _ error: GatewayError? = nil) {
        let ended = state.withLock { state -> State? in
            guard !state.isClosed else { return nil }
            state.isClosed = true
            return state
        }
        guard let ended else { return }
        done(CompletedRequest(record: record(ended, outcome, status, error), body: body(ended, error)))
    }

    private static func outputTokens(_ state: State) -> Int {
        // With all answers there the engine's own count holds; a cut-off answer has what was seen of it.
        guard state.answers.count == state.texts.count else { return state.tokens }
        return state.answers.values.reduce(0) { $0 + $1.outputTokens }
    }

    private func record(_ state: State, _ outcome: RequestOutcome, _ status: Int, _ error: GatewayError?)
        -> RequestRecord
    {
        let call = facts.call, route = facts.route
        let probabilities = state.answers.values.map(\.logProbabilities)
        let count = probabilities.reduce(0) { $0 + $1.count }
        let isComplete = state.answers.count == state.texts.count
        return RequestRecord(
            id: call.id,
            time: now(),
            model: route.release.model,
            asked: facts.request.model,
            channel: route.channel,
            release: route.release.number,
            version: route.version.number,
            prompt: route.prompt,
            arm: route.arm,
            source: call.source,
            key: call.key,
            unit: facts.unit,
            isStreamed: facts.request.isStreamed,
            outcome: outcome,
            status: status,
            finish: finish(state),
            promptTokens: state.promptTokens,
            outputTokens: state.promptTokens == nil ? nil : Self.outputTokens(state),
            queueSeconds: state.queueSeconds,
            firstTokenSeconds: state.firstToken.map { state.submitted + $0 },
            perTokenSeconds: perToken(state),
            longestGapSeconds: state.longestGap,
            totalSeconds: facts.arrival.duration(to: .now) / .seconds(1),
            isOutputValid: isComplete ? state.answers[0].flatMap { check.isValid($0) } : nil,
            changesRelease: facts.request.changes(route.loaded),
            isCutByRequest: isCutByRequest(state.answers.values.contains { $0.finish == .length }),
            meanLogProbability: count == 0 ? nil : probabilities.joined().reduce(0, +) / Double(count),
            seed: facts.seed,
            capture: facts.policy,
            terms: facts.terms,
            reason: error?.reason
        )
    }

    /// As the first answer said it: `stop` or `tool_calls`. `length` when any choice ended so: a cut-off answer must not look whole because another one was.
    private func finish(_ state: State) -> String? {
        let reasons = state.answers.values.map(\.finish)
        guard reasons.count == state.texts.count else { return nil }
        if reasons.contains(.length) { return Answer.Finish.length.rawValue }
        return state.answers[0]?.finishReason
    }

    private func perToken(_ state: State) -> Double? {
        guard state.timedTokens > 1, let last = state.lastToken, let first = state.firstToken else { return nil }
        return (last - first) / Double(state.timedTokens - 1)
    }

    /// What is wanted of the answers.
    private var check: OutputCheck {
        OutputCheck(
            facts.route.loaded.prompt.output,
            wantsJSON: facts.request.wantsJSON,
            maxTokens: facts.route.loaded.decoding.maxTokens,
            hasOwnStop: !facts.request.stop.isEmpty
        )
    }

    /// Whether all of `answers` have the form that is wanted; nil where that is not known of one, and none is known to be
    /// wrong.
    func isOutputValid(_ answers: [Answer]) -> Bool? {
        let all = answers.map { check.isValid($0) }
        if all.contains(false) { return false }
        return all.contains(nil) || all.isEmpty ? nil : true
    }

    /// Whether the request may have cut its answer short: by its own limit, where a limit ended it, or its own stop texts.
    private func isCutByRequest(_ hasLength: Bool) -> Bool {
        !facts.request.stop.isEmpty
            || hasLength && (facts.request.maxTokens ?? .max) < facts.route.loaded.decoding.maxTokens
    }

    private func body(_ state: State, _ error: GatewayError?) -> RequestBody {
        let (variables, messages) = facts.request.texts(for: facts.route)
        let invalidBytes = state.answers.values.reduce(0) { $0 + $1.invalidBytes }
        let calls = state.texts.indices.map { state.answers[$0]?.calls ?? [] }
        return RequestBody(
            variables: variables,
            messages: messages,
            settings: facts.request.settings(for: facts.route.loaded),
            answers: state.texts,
            answerTokens: state.answers[0]?.tokens,
            askedAt: facts.time,
            thinking: state.thinking.allSatisfy(\.isEmpty)
                ? nil : state.thinking.enumerated().map { state.answers[$0]?.thinking ?? $1 },
            calls: calls.allSatisfy(\.isEmpty) ? nil : calls,
            tools: facts.request.offeredTools(for: facts.route.loaded),
            invalidBytes: invalidBytes == 0 ? nil : invalidBytes,
            reason: error.map { "\($0)" }
        )
    }
}

/// A request that is over, with its texts as they were: in memory only, nothing is redacted yet.
public struct CompletedRequest: Sendable {
    /// What is known of it.
    public let record: RequestRecord
    /// What was asked and answered, unredacted.
    public let body: RequestBody

    /// Makes the value from its fields.
    public init(record: RequestRecord, body: RequestBody) {
        self.record = record
        self.body = body
    }
}
