import AnswerMetrics
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

    /// The most fields that are told one by one.
    private static let shownFields = 8

    /// What is right in parts: the fields that most expected answers have, and the calls of tools.
    private static func parts(of requests: [TrafficRequest]) -> [Measure] {
        var counts: [FieldPath: Int] = [:]
        for path in requests.flatMap({ $0.expected.flatMap { AnswerFields($0)?.paths } ?? [] }) {
            counts[path, default: 0] += 1
        }
        let fields = counts.sorted { ($1.value, $0.key.source) < ($0.value, $1.key.source) }.prefix(shownFields)
        return [Measure(.toolName), Measure(.toolArguments)]
            + fields.map { field in
                var parameters = MetricParameters()
                parameters.field = field.key
                return Measure(.fieldMatch, parameters)
            }
    }

    private func result(_ samples: [Sample], _ side: ReplaySide, seconds: Double) -> EvaluationResult {
        let schema = side.prompt.output, comparison = AnswerComparison(schema)
        var values: [Measure: [Double]] = [:]
        let parts = Self.parts(of: requests)
        var failures: [EvaluationResult.Failure] = []
        for (request, sample) in zip(requests, samples) {
            let isAnswered = sample.answers(request)
            values[Measure(.availability), default: []].append(isAnswered ? 1 : 0)
            let exact = AnswerCheck.exactMatch(sample.text, expected: request.expected, as: comparison)
            if let exact { values[Measure(.exactMatch), default: []].append(exact) }
            let valid = sample.isCall ? nil : AnswerCheck.jsonValid(sample.text, schema: schema)
            if let valid { values[Measure(.jsonValid), default: []].append(valid) }
            for measure in parts where measure.isAsked(by: request) {
                // Nothing right came where nothing came.
                let value = sample.isAnswered ? measure.value(sample, request, schema: schema) : 0
                if let value { values[measure, default: []].append(value) }
            }
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
        let scores = values.map { measure, values in
            let good = values.count { $0 == 1 }
            // The lower end of a two-sided 90 % interval is the one-sided 95 % bound.
            let interval = Proportion(bad: good, n: values.count)?.wilson(confidence: 0.9)
            return EvaluationResult.Score(
                metric: measure.identity,
                good: good,
                samples: values.count,
                value: values.isEmpty ? nil : Double(good) / Double(values.count),
                lower95: interval?.lowerBound,
                comparedAs: measure.metric == .exactMatch ? comparison : nil
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
