import AnswerMetrics
public import RegistryTypes
public import ReleaseRuntime
import TrafficLog
public import UserDocuments

/// One side of a replay: a release and the engine that answers for it.
public struct ReplaySide: Sendable {
    /// What answers.
    public let engine: any AnswerEngine
    /// The release's prompt.
    public let prompt: PromptDocument
    /// The release's settings.
    public let decoding: DecodingSettings
    /// Whether the release's prompt has a place for tools; where it has none they are left out, as the gateway does it.
    public let takesTools: Bool

    /// A release with the engine that answers for it.
    public init(
        engine: any AnswerEngine,
        prompt: PromptDocument,
        decoding: DecodingSettings,
        takesTools: Bool = false
    ) {
        self.engine = engine
        self.prompt = prompt
        self.decoding = decoding
        self.takesTools = takesTools
    }

    /// The same release on another engine.
    func on(_ engine: any AnswerEngine) -> ReplaySide {
        ReplaySide(engine: engine, prompt: prompt, decoding: decoding, takesTools: takesTools)
    }

    /// A request of a traffic set to this side, with the settings of its own; of a conversation the last turn is asked, with
    /// the history as it was captured, and no tool is run. It leaves the processor to live requests.
    func request(_ request: TrafficRequest, seed: UInt64) -> AnswerRequest {
        AnswerRequest(
            prompt: prompt,
            input: AnswerRequest.Input(request.content),
            time: request.askedAt ?? AnswerRequest.untimed,
            decoding: request.settings.map { decoding.applying($0) } ?? decoding,
            seed: seed,
            priority: .background,
            tools: takesTools ? request.tools : nil
        )
    }

    /// What this side answers, or why it does not.
    func answer(_ request: TrafficRequest, seed: UInt64) async -> Result<Answer, any Error> {
        do {
            return .success(try await engine.answer(self.request(request, seed: seed)))
        } catch {
            return .failure(error)
        }
    }
}

/// Both sides of a canary, which answer the same requests.
struct ReplayPair {
    let candidate: ReplaySide
    let baseline: ReplaySide
    let scoresBaseline: Bool
    let seed: UInt64
    /// The metrics that are compared: some of them have to be measured while the engines are there.
    var metrics: Set<Metric> = []

    /// The same sides on engines in which nothing else runs, where such are to be had; whoever asks closes `engines`.
    ///
    /// - Throws: `InferenceError`.
    func alone() throws -> (pair: ReplayPair, engines: [any AnswerEngine]) {
        let (left, right) = (try baseline.engine.alone(), try candidate.engine.alone())
        let pair = ReplayPair(
            candidate: candidate.on(right ?? candidate.engine),
            baseline: baseline.on(left ?? baseline.engine),
            scoresBaseline: scoresBaseline,
            seed: seed,
            metrics: metrics
        )
        return (pair, [left, right].compactMap { $0 })
    }

    /// Answers a request on both sides and throws the answers away.
    func warmUp(_ request: TrafficRequest) async throws {
        _ = await baseline.answer(request, seed: seed)
        _ = await candidate.answer(request, seed: seed)
        try Task.checkCancellation()
    }

    /// Answers a request on one side after the other, in the order of the coin, with the times that takes.
    func measure(_ step: CanarySchedule.Step, _ request: TrafficRequest) async throws -> SamplePair {
        let first = await (step.baselineFirst ? baseline : candidate).answer(request, seed: drawSeed(step))
        let second = await (step.baselineFirst ? candidate : baseline).answer(request, seed: drawSeed(step))
        let (left, right) = step.baselineFirst ? (first, second) : (second, first)
        return try await pair(step, request, left, right, isTimed: true)
    }

    /// Answers a request on both sides, beside others.
    func run(_ step: CanarySchedule.Step, _ request: TrafficRequest) async throws -> SamplePair {
        async let left = baseline.answer(request, seed: drawSeed(step))
        async let right = candidate.answer(request, seed: drawSeed(step))
        return try await pair(step, request, left, right, isTimed: false)
    }

    /// Both sides draw from the same seed, so that equal releases give equal answers at any temperature.
    private func drawSeed(_ step: CanarySchedule.Step) -> UInt64 { seed &+ UInt64(step.request) }

    /// What both sides gave. What one side cannot answer is a sample too.
    private func pair(
        _ step: CanarySchedule.Step,
        _ request: TrafficRequest,
        _ left: Result<Answer, any Error>,
        _ right: Result<Answer, any Error>,
        isTimed: Bool
    ) async throws -> SamplePair {
        try Task.checkCancellation()
        var baselineScore: (sum: Double, count: Int)?
        var candidateScore: (sum: Double, count: Int)?
        if scoresBaseline, case .success(let answer) = left, !answer.tokens.isEmpty {
            baselineScore = (answer.logProbabilities.reduce(0, +), answer.tokens.count)
            if let scores = try await score(answer, request, own: try? right.get(), seed: drawSeed(step)) {
                candidateScore = (scores.reduce(0, +), scores.count)
            }
        }
        let distances = try await engineDistances(step, request, try? left.get(), try? right.get())
        var samples = (
            baseline: Sample(left, score: baselineScore, isTimed: isTimed),
            candidate: Sample(right, score: candidateScore, isTimed: isTimed)
        )
        samples.baseline.metrics = distances.baseline
        samples.candidate.metrics = distances.candidate
        return SamplePair(
            position: step.position,
            request: request.id,
            first: step.baselineFirst ? .baseline : .candidate,
            baseline: samples.baseline,
            candidate: samples.candidate
        )
    }

    /// What only the engines can say of two answers, by the name of the metric; what they cannot say is not there.
    private func engineDistances(
        _ step: CanarySchedule.Step,
        _ request: TrafficRequest,
        _ left: Answer?,
        _ right: Answer?
    ) async throws -> (baseline: [String: Double], candidate: [String: Double]) {
        var values = (baseline: [String: Double](), candidate: [String: Double]())
        if !metrics.isDisjoint(with: [.tokenDivergence, .topTokenChanged]), let left, !left.tokens.isEmpty {
            let seed = drawSeed(step)
            let requests = (baseline.request(request, seed: seed), candidate.request(request, seed: seed))
            let found = try? await candidate.engine.distances(
                from: baseline.engine,
                along: left.tokens,
                answering: requests
            )
            try Task.checkCancellation()
            if let found {
                values.baseline[Metric.tokenDivergence.rawValue] = 0
                values.candidate[Metric.tokenDivergence.rawValue] = found.meanDivergence
                values.baseline[Metric.topTokenChanged.rawValue] = 0
                values.candidate[Metric.topTokenChanged.rawValue] = Double(found.changedTop) / Double(found.tokens)
            }
        }
        if !metrics.isDisjoint(with: [.embeddingExpected, .embeddingBaseline]) {
            // All of them in the space of one model: the baseline's.
            let places = try await (place(of: left?.text), place(of: right?.text), place(of: request.expected))
            let expected = Metric.embeddingExpected.rawValue
            values.baseline[expected] = CosineSimilarity.of(places.0, places.2)
            values.candidate[expected] = CosineSimilarity.of(places.1, places.2)
            values.baseline[Metric.embeddingBaseline.rawValue] = CosineSimilarity.of(places.0, places.0)
            values.candidate[Metric.embeddingBaseline.rawValue] = CosineSimilarity.of(places.1, places.0)
        }
        return values
    }

    private func place(of text: String?) async throws -> [Float]? {
        guard let text else { return nil }
        let place = try? await baseline.engine.embedding(of: text, priority: .background)
        try Task.checkCancellation()
        return place
    }

    /// How likely the candidate finds each token of the baseline's answer; nil when it cannot say.
    ///
    /// - Parameter own: The candidate's answer. One of the same tokens has said it already: generating and scoring give
    ///   the same bits.
    private func score(
        _ answer: Answer,
        _ request: TrafficRequest,
        own: Answer?,
        seed: UInt64
    ) async throws -> [Double]? {
        guard candidate.engine.capabilities.scores else { return nil }
        if let own, own.tokens == answer.tokens { return own.logProbabilities }
        let request = candidate.request(request, seed: seed)
        let scores = try? await candidate.engine.score(answer.tokens, answering: request)
        try Task.checkCancellation()
        return scores
    }
}

extension Sample {
    /// A sample of what a side answered, or of why it did not.
    init(_ result: Result<Answer, any Error>, score: (sum: Double, count: Int)?, isTimed: Bool) {
        switch result {
        case .success(let answer):
            self.init(
                text: answer.text,
                thinking: answer.thinking,
                calls: answer.calls.isEmpty ? nil : answer.calls,
                finish: answer.finish.rawValue,
                promptTokens: answer.promptTokens,
                outputTokens: answer.outputTokens,
                ttftSeconds: isTimed ? answer.firstTokenSeconds : nil,
                tpotSeconds: isTimed ? answer.perTokenSeconds : nil,
                totalSeconds: isTimed ? answer.totalSeconds : nil,
                answerScore: score?.sum,
                answerScoreTokens: score?.count
            )
        case .failure(let error):
            self.init(error: "\(error)")
        }
    }
}
