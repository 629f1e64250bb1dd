import Foundation
public import RegistryRecords
public import RegistryTypes
import ReleaseRuntime
import Statistics
import TrafficLog
import UserDocuments

/// A release answers every case of a suite, and each answer is checked.
public struct EvaluationReplay: Sendable {
    private let requests: [TrafficRequest]

    /// Cases in flight: enough to keep an engine busy.
    private static let casesInFlight = 32

    /// A run over `requests`.
    public init(requests: [TrafficRequest]) { self.requests = requests }

    /// Runs all cases, many at the same time.
    ///
    /// - Parameter progress: Called after each case with the cases that are done and the seconds so far.
    /// - Throws: `CancellationError`.
    public func run(
        _ side: ReplaySide,
        progress: @escaping @Sendable (_ done: Int, _ elapsedSeconds: Double) -> Void
    ) async throws -> EvaluationResult {
        let start = ContinuousClock.now
        let answers = try await withThrowingTaskGroup(of: (index: Int, answer: Answer?).self) { group in
            var answers = [Answer?](repeating: nil, count: requests.count)
            var done = 0
            func take(_ answer: (index: Int, answer: Answer?)) {
                answers[answer.index] = answer.answer
                done += 1
                progress(done, start.duration(to: .now) / .seconds(1))
            }
            for (index, request) in requests.enumerated() {
                if index >= Self.casesInFlight, let answer = try await group.next() { take(answer) }
                group.addTask {
                    // A case that cannot be answered is a wrong answer, not the end of the evaluation.
                    let answer = try? await side.answer(request, seed: 0).get()
                    try Task.checkCancellation()
                    return (index, answer)
                }
            }
            for try await answer in group { take(answer) }
            return answers
        }
        return result(answers, schema: side.prompt.output, seconds: start.duration(to: .now) / .seconds(1))
    }

    private func result(_ answers: [Answer?], schema: OutputSchema?, seconds: Double) -> EvaluationResult {
        var values: [Metric: [Double]] = [:]
        var failures: [EvaluationResult.Failure] = []
        for (request, answer) in zip(requests, answers) {
            values[.availability, default: []].append(answer == nil ? 0 : 1)
            let sample = answer.map { Sample(.success($0), score: nil, isTimed: false) }
            let exact = AnswerCheck.exactMatch(answer?.text, expected: request.expected)
            if let exact { values[.exactMatch, default: []].append(exact) }
            let valid = sample?.isCall == true ? nil : AnswerCheck.jsonValid(answer?.text, schema: schema)
            if let valid { values[.jsonValid, default: []].append(valid) }
            if exact == 0 || valid == 0 || answer == nil {
                failures.append(
                    EvaluationResult.Failure(
                        request: request.id,
                        input: WorstPairs.input(of: request),
                        expected: request.expected,
                        answer: sample.flatMap { WorstPairs.side($0).said }
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
