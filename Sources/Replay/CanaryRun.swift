import CanaryJudge
import Foundation
public import RegistryRecords
public import RegistryTypes
public import ReleaseRuntime
import TrafficLog
public import UserDocuments

/// One replay canary: every request through both releases, in pairs, stored pair by pair, judged at the end.
///
/// A run that was stopped goes on with the pairs that are missing and comes to the same verdict, because order, coins
/// and verdict depend on nothing but the seed, the documents and the stored samples.
public struct CanaryRun: Sendable {
    private let record: CanaryRecord
    private let document: CanaryDocument
    private let candidate: ReleaseRecord
    private let baseline: ReleaseRecord
    private let requests: [TrafficRequest]
    private let samplesPath: String
    private let laneCount: Int
    private let build: String
    private let schedule: CanarySchedule
    private let live: LiveLoad?

    /// Requests answered and thrown away before a lane measures anything.
    private static let warmUpCount = 2
    /// Differing pairs that the report shows.
    private static let shownPairs = 20

    /// A run of a canary that the log knows.
    ///
    /// - Parameters:
    ///   - requests: The traffic set, in its own order.
    ///   - samplesPath: The file of this canary's samples.
    ///   - workers: Pairs that run side by side; one alone when a measured time decides.
    ///   - live: What to leave the processor to; times that are measured leave out the time waited for it.
    public init(
        record: CanaryRecord,
        document: CanaryDocument,
        candidate: ReleaseRecord,
        baseline: ReleaseRecord,
        requests: [TrafficRequest],
        samplesPath: String,
        workers: Int,
        build: String,
        yieldingTo live: LiveLoad? = nil
    ) {
        self.record = record
        self.document = document
        self.candidate = candidate
        self.baseline = baseline
        self.requests = requests
        self.samplesPath = samplesPath
        self.build = build
        self.live = live
        let timeDecides = document.checks.contains { $0.metric.isTimed && !$0.isWatchOnly }
        laneCount = timeDecides ? 1 : max(1, workers)
        schedule = CanarySchedule(setSize: requests.count, requests: record.requests, seed: record.seed)
    }

    /// Runs what is missing and judges.
    ///
    /// - Parameter progress: Called after each pair with the pairs that are done and the seconds so far.
    /// - Throws: `TrafficLogError` for a file of another run, `InferenceError`, `CancellationError`.
    public func run(
        candidate candidateRelease: LoadedRelease,
        baseline baselineRelease: LoadedRelease,
        progress: @escaping @Sendable (_ done: Int, _ elapsedSeconds: Double) -> Void
    ) async throws -> CanaryReport {
        let store = try SampleStore.open(
            path: samplesPath,
            run: RunIdentity(
                canary: record.id,
                seed: record.seed,
                requests: record.requests,
                traffic: record.trafficDigest,
                document: record.documentDigest,
                baseline: baseline.digest,
                candidate: candidate.digest,
                engineNumerics: EngineIdentity.numerics
            )
        )
        // What is in the file stays, however this ends.
        defer { try? store.close() }
        let done = try await store.completedPositions()
        if !done.isEmpty { try await store.noteResumed() }
        let before = try await store.progress()
        let pending = schedule.steps.filter { !done.contains($0.position) }
        let start = ContinuousClock.now
        @Sendable func elapsed() -> Double { before.elapsedSeconds + start.duration(to: .now) / .seconds(1) }
        let tally = Tally(count: pending.count, done: done.count, start: start)
        progress(done.count, elapsed())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<min(laneCount, pending.count) {
                group.addTask {
                    let lane = try CanaryLane(
                        candidate: candidateRelease,
                        baseline: baselineRelease,
                        scoresBaseline: document.checks.contains { $0.metric == .baselineLogProbability },
                        seed: record.seed,
                        yieldingTo: live
                    )
                    for request in requests.prefix(Self.warmUpCount) { try await lane.warmUp(request) }
                    while let index = tally.take() {
                        try Task.checkCancellation()
                        let step = pending[index]
                        let pair = try await lane.run(step, requests[step.request])
                        let (count, sinceLastSeconds) = tally.finish(at: .now)
                        try await store.insert(pair, elapsedSeconds: sinceLastSeconds)
                        progress(count, elapsed())
                    }
                }
            }
            try await group.waitForAll()
        }
        return try await report(store, schema: baselineRelease.prompt.output)
    }

    /// Judges the stored samples.
    private func report(_ store: SampleStore, schema: OutputSchema?) async throws -> CanaryReport {
        let stored = try await store.allPairs()
        let pairs = try stored.map { pair in
            guard schedule.steps.indices.contains(pair.position) else {
                throw ReplayError.foreignSample(position: pair.position, canary: record.id)
            }
            let request = requests[schedule.steps[pair.position].request]
            guard pair.request == request.id else {
                throw ReplayError.foreignSample(position: pair.position, canary: record.id)
            }
            return MeasuredPair(request: request, baseline: pair.baseline, candidate: pair.candidate)
        }
        guard pairs.count == schedule.steps.count else {
            throw ReplayError.missingSamples(pairs: pairs.count, expected: schedule.steps.count, canary: record.id)
        }
        let measurements = CanaryMeasurements(document: document, pairs: pairs, schema: schema)
        let judgment = judge(
            measurements.definitions,
            samples: measurements.samples,
            policy: measurements.policy,
            pairing: .paired
        ).noting(measurements.unapplied)
        let final = try await store.progress()
        return CanaryReport(
            canary: record.id,
            candidate: record.candidate,
            baseline: record.baseline,
            traffic: record.traffic,
            requests: pairs.count,
            judgment: judgment,
            different: pairs.count(where: \.isDifferent),
            worstPairs: WorstPairs.select(from: pairs, document: document, schema: schema, limit: Self.shownPairs),
            run: CanaryReport.RunRecord(
                engineNumerics: EngineIdentity.numerics,
                instructionSet: EngineIdentity.instructionSet,
                build: build,
                seed: record.seed,
                trafficDigest: record.trafficDigest,
                documentDigest: record.documentDigest,
                baselineDigest: baseline.digest,
                candidateDigest: candidate.digest,
                baselineFirst: stored.count { $0.first == .baseline },
                warmUp: Self.warmUpCount,
                seconds: final.elapsedSeconds,
                resumed: final.resumed
            )
        )
    }
}

extension Judgment {
    /// The same judgment with what did not apply, said among its reasons too.
    func noting(_ unapplied: [UnappliedCheck]) -> Judgment {
        guard !unapplied.isEmpty else { return self }
        let notes = unapplied.map { check in
            "\(check.name): not applicable, \(check.reason)"
                + (check.replacedBy.map { "; \($0) decided instead" } ?? "")
        }
        return Judgment(
            verdict: verdict,
            reasons: reasons + notes,
            checks: checks,
            alphaFail: alphaFail,
            unapplied: unapplied
        )
    }
}
