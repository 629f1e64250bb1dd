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
    private let distinct: DistinctRequests

    /// Cases in flight: enough to keep an engine busy.
    private static let casesInFlight = 32

    /// A run over `requests`: what is asked twice is one case.
    public init(requests: [TrafficRequest]) {
        distinct = DistinctRequests(requests)
        self.requests = distinct.representatives.map { requests[$0] }
    }

    /// Runs all cases, many at the same time.
    ///
    /// - Parameter progress: Called after each case with the cases that are done and the seconds so far.
    /// - Throws: `CancellationError`.
    public func run(
        _ side: ReplaySide,
        progress: @escaping @Sendable (_ done: Int, _ elapsedSeconds: Double) -> Void
    ) async throws -> EvaluationResult {
        let start = ContinuousClock.now
        let samples = try await withThrowingTaskGroup(of: (index: Int, sample: Sample).self) { group in
            var samples = [Sample](repeating: Sample(), count: requests.count)
            var done = 0
            func take(_ answer: (index: Int, sample: Sample)) {
                samples[answer.index] = answer.sample
                done += 1
                progress(done, start.duration(to: .now) / .seconds(1))
            }
            for (index, request) in requests.enumerated() {
                if index >= Self.casesInFlight, let answer = try await group.next() { take(answer) }
                group.addTask {
                    // A case that cannot be answered is a wrong answer, not the end of the evaluation.
                    let answer = await side.answer(request, seed: 0)
                    try Task.checkCancellation()
                    return (index, Sample(answer, score: nil, isTimed: false))
                }
            }
            for try await answer in group { take(answer) }
            return samples
        }
        return result(samples, side, seconds: start.duration(to: .now) / .seconds(1))
    }

    private func result(_ samples: [Sample], _ side: ReplaySide, seconds: Double) -> EvaluationResult {
        let schema = side.prompt.output, comparison = AnswerComparison(schema)
        var values: [Metric: [Double]] = [:]
        var failures: [EvaluationResult.Failure] = []
        for (request, sample) in zip(requests, samples) {
            let isAnswered = sample.answers(request)
            values[.availability, default: []].append(isAnswered ? 1 : 0)
            let exact = AnswerCheck.exactMatch(sample.text, expected: request.expected, as: comparison)
            if let exact { values[.exactMatch, default: []].append(exact) }
            let valid = sample.isCall ? nil : AnswerCheck.jsonValid(sample.text, schema: schema)
            if let valid { values[.jsonValid, default: []].append(valid) }
            if exact == 0 || valid == 0 || !isAnswered {
                failures.append(
                    EvaluationResult.Failure(
                        request: request.id,
                        input: WorstPairs.input(of: request),
                        expected: request.expected,
                        expectedFrom: request.expectedFrom,
                        answer: WorstPairs.side(sample).said
                    )
                )
            }
        }
        let expectations = Expectations(of: requests)
        let notes = RunNotes(
            requests: requests,
            sides: [("the release", samples, side.takesTools)],
            distinct: distinct,
            expectations: expectations,
            readsExpected: true
        )
        let scores = values.map { metric, values in
            let good = values.count { $0 == 1 }
            // The lower end of a two-sided 90 % interval is the one-sided 95 % bound.
            let interval = Proportion(bad: good, n: values.count)?.wilson(confidence: 0.9)
            return EvaluationResult.Score(
                metric: metric.rawValue,
                good: good,
                samples: values.count,
                value: values.isEmpty ? nil : Double(good) / Double(values.count),
                lower95: interval?.lowerBound,
                comparedAs: metric == .exactMatch ? comparison : nil
            )
        }
        let told = notes.unanswered + notes.others
        return EvaluationResult(
            scores: scores,
            failures: failures,
            seconds: seconds,
            expectations: expectations,
            notes: told.isEmpty ? nil : told,
            rulesRevision: AnswerCheck.revision
        )
    }
}
