public import RegistryRecords
import RegistryTypes
import TrafficLog
import UserDocuments

/// A stored pair at its place, with the yes-or-no metrics on which one side was better.
public struct ListedPair: Sendable {
    /// The place in the run, from 0 on.
    public let position: Int
    /// What was asked and answered, and on what the candidate was worse.
    public let pair: CanaryReport.Pair
    /// On what it was better.
    public let better: [String]
    /// Whether the sides answered differently.
    public let isDifferent: Bool

    init(_ position: Int, _ measured: MeasuredPair, _ measures: [Measure], schema: OutputSchema?) {
        var worse: [String] = [], better: [String] = []
        for measure in measures {
            let (baseline, candidate) = measured.values(of: measure, schema: schema)
            guard let baseline, let candidate, baseline != candidate else { continue }
            if (candidate > baseline) == measure.metric.higherIsWorse {
                worse.append(measure.identity)
            } else {
                better.append(measure.identity)
            }
        }
        self.position = position
        self.better = better
        isDifferent = measured.isDifferent
        pair = CanaryReport.Pair(
            request: measured.request.id,
            input: WorstPairs.input(of: measured.request),
            expected: measured.request.expected,
            expectedFrom: measured.request.expectedFrom,
            baseline: WorstPairs.side(measured.baseline),
            candidate: WorstPairs.side(measured.candidate),
            worse: worse
        )
    }
}

extension CanaryReplay {
    /// Pairs that are read at once.
    private static let batch = 200

    /// Stored pairs in the order of the run, behind a place, until `limit` of them are wanted or there are no more.
    ///
    /// - Parameters:
    ///   - after: The position behind which they are; nil from the beginning.
    ///   - isWanted: Whether a pair is listed.
    /// - Throws: as ``recompute(_:made:)``.
    public func pairs(
        _ sides: JudgedSides,
        made report: CanaryReport,
        after: Int?,
        limit: Int,
        where isWanted: (ListedPair) -> Bool
    ) async throws -> [ListedPair] {
        let store = try SampleStore.reopen(path: samplesPath, run: identity(numerics: report.run.engineNumerics))
        defer { try? store.close() }
        let schedule = try await schedule(for: store)
        // Where agreement decided in the place of what nobody said to expect, it is what a pair got worse on.
        let agreement = report.judgment.unapplied?.contains { $0.replacedBy != nil } == true
        let checks = document.checks.filter { $0.metric.kind == .binary && !$0.isWatchOnly }.map(\.measure)
        let measures = checks + (agreement ? [Measure(.baselineAgreement)] : [])
        var found: [ListedPair] = [], next = after.map { $0 + 1 } ?? 0
        while found.count < limit, next < schedule.steps.count {
            let stored = try await store.pairs(from: next, count: Self.batch)
            for pair in stored where found.count < limit {
                let listed = ListedPair(pair.position, try measured(pair, schedule), measures, schema: sides.schema)
                if isWanted(listed) { found.append(listed) }
            }
            // A run that stopped early holds fewer than it asked for.
            if stored.isEmpty { break }
            next += Self.batch
            try Task.checkCancellation()
        }
        return found
    }
}
