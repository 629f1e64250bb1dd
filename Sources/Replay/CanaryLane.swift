import RegistryTypes
import ReleaseRuntime
import TrafficLog

/// One place where pairs are answered: a worker for each side, used one after the other in the order of the coin.
struct CanaryLane {
    private let candidate: ReleaseWorker
    private let baseline: ReleaseWorker
    private let scoresBaseline: Bool
    private let seed: UInt64
    private let live: LiveLoad?

    init(
        candidate: LoadedRelease,
        baseline: LoadedRelease,
        scoresBaseline: Bool,
        seed: UInt64,
        yieldingTo live: LiveLoad?
    ) throws {
        self.candidate = try ReleaseWorker(candidate)
        self.baseline = try ReleaseWorker(baseline)
        self.scoresBaseline = scoresBaseline
        self.seed = seed
        self.live = live
    }

    /// Answers a request on both sides and throws the answers away.
    func warmUp(_ request: TrafficRequest) async throws {
        _ = try? await baseline.answer(request.variables, seed: seed, yieldingTo: live)
        _ = try? await candidate.answer(request.variables, seed: seed, yieldingTo: live)
        try Task.checkCancellation()
    }

    /// Answers a request on both sides. What one side cannot answer is a sample too.
    func run(_ step: CanarySchedule.Step, _ request: TrafficRequest) async throws -> SamplePair {
        // Both sides draw from the same seed, so that equal releases give equal answers at any temperature.
        let drawSeed = seed &+ UInt64(step.request)
        let first = await answer(step.baselineFirst ? baseline : candidate, request, drawSeed)
        let second = await answer(step.baselineFirst ? candidate : baseline, request, drawSeed)
        try Task.checkCancellation()
        let (left, right) = step.baselineFirst ? (first, second) : (second, first)
        var baselineScore: (sum: Double, count: Int)?
        var candidateScore: (sum: Double, count: Int)?
        if scoresBaseline, case .success(let answer) = left, !answer.tokens.isEmpty {
            baselineScore = (answer.logProbabilities.reduce(0, +), answer.tokens.count)
            if let scores = try? await candidate.score(
                request.variables,
                answerTokens: answer.tokens,
                yieldingTo: live
            ) {
                candidateScore = (scores.reduce(0, +), scores.count)
            }
        }
        return SamplePair(
            position: step.position,
            request: request.id,
            first: step.baselineFirst ? .baseline : .candidate,
            baseline: Sample(left, score: baselineScore),
            candidate: Sample(right, score: candidateScore)
        )
    }

    private func answer(
        _ worker: ReleaseWorker,
        _ request: TrafficRequest,
        _ seed: UInt64
    ) async -> Result<Answer, any Error> {
        do {
            return .success(try await worker.answer(request.variables, seed: seed, yieldingTo: live))
        } catch {
            return .failure(error)
        }
    }
}

extension Sample {
    /// A sample of what a side answered, or of why it did not.
    init(_ result: Result<Answer, any Error>, score: (sum: Double, count: Int)?) {
        switch result {
        case .success(let answer):
            self.init(
                text: answer.text,
                finish: answer.finish.rawValue,
                promptTokens: answer.promptTokens,
                outputTokens: answer.outputTokens,
                ttftSeconds: answer.firstTokenSeconds,
                tpotSeconds: answer.perTokenSeconds,
                totalSeconds: answer.totalSeconds,
                answerScore: score?.sum,
                answerScoreTokens: score?.count
            )
        case .failure(let error):
            self.init(error: "\(error)")
        }
    }
}
