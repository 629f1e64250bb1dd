import Foundation
public import RegistryRecords
public import RegistryTypes
public import ReleaseRuntime
import Statistics
import UserDocuments

/// A release answers every case of a suite, and each answer is checked.
public struct EvaluationRun: Sendable {
    private let requests: [TrafficRequest]
    private let laneCount: Int
    private let live: LiveLoad?

    /// A run over `requests`, with `workers` answering side by side, which leave the processor to `live`.
    public init(requests: [TrafficRequest], workers: Int, yieldingTo live: LiveLoad? = nil) {
        self.requests = requests
        self.live = live
        laneCount = max(1, workers)
    }

    /// Runs all cases.
    ///
    /// - Parameter progress: Called after each case with the cases that are done and the seconds so far.
    /// - Throws: `InferenceError.outOfMemory` when no worker can be made; `CancellationError`.
    public func run(
        _ release: LoadedRelease,
        progress: @escaping @Sendable (_ done: Int, _ elapsedSeconds: Double) -> Void
    ) async throws -> EvaluationResult {
        let start = ContinuousClock.now
        let tally = Tally(count: requests.count, start: start)
        let answers = try await withThrowingTaskGroup(of: [(index: Int, text: String?)].self) { group in
            for _ in 0..<min(laneCount, requests.count) {
                group.addTask {
                    let worker = try ReleaseWorker(release)
                    var answers: [(index: Int, text: String?)] = []
                    while let index = tally.take() {
                        // A case that cannot be answered is a wrong answer, not the end of the evaluation.
                        let answer = try? await worker.answer(requests[index].variables, yieldingTo: live)
                        try Task.checkCancellation()
                        answers.append((index, answer?.text))
                        progress(tally.finish(at: .now).done, start.duration(to: .now) / .seconds(1))
                    }
                    return answers
                }
            }
            var answers = [String?](repeating: nil, count: requests.count)
            for try await part in group {
                for (index, text) in part { answers[index] = text }
            }
            return answers
        }
        return result(answers, schema: release.prompt.output, seconds: start.duration(to: .now) / .seconds(1))
    }

    private func result(_ answers: [String?], schema: OutputSchema?, seconds: Double) -> EvaluationResult {
        var values: [Metric: [Double]] = [:]
        var failures: [EvaluationResult.Failure] = []
        for (request, answer) in zip(requests, answers) {
            values[.availability, default: []].append(answer == nil ? 0 : 1)
            let exact = AnswerCheck.exactMatch(answer, expected: request.expected)
            if let exact { values[.exactMatch, default: []].append(exact) }
            let valid = AnswerCheck.jsonValid(answer, schema: schema)
            if let valid { values[.jsonValid, default: []].append(valid) }
            if exact == 0 || valid == 0 || answer == nil {
                failures.append(
                    EvaluationResult.Failure(
                        request: request.id,
                        input: WorstPairs.input(of: request),
                        expected: request.expected,
                        answer: answer
                    )
                )
            }
        }
        let scores = values.map { metric, values in
            let good = values.count { $0 == 1 }
            // The lower end of a two-sided 90 % interval is the one-sided 95 % bound.
            let interval = Proportion(bad: good, n: values.count)?.wilson(confidence: 0.9)
            return EvaluationResult.Score(
                metric: metric.rawValue,
                good: good,
                samples: values.count,
                value: values.isEmpty ? nil : Double(good) / Double(values.count),
                lower95: interval?.lowerBound
            )
        }
        return EvaluationResult(scores: scores, failures: failures, seconds: seconds)
    }
}
