import CanaryJudge
import Foundation
public import RegistryRecords
public import RegistryTypes
import ReleaseRuntime
import TrafficLog
public import UserDocuments

/// One replay canary: every request through both releases, in pairs, stored pair by pair, judged at the end.
///
/// Where a measured time decides, one request runs at a time, each side on an engine in which nothing else runs, in the
/// order of the pair's coin. Else many pairs are in flight, because answers do not depend on their neighbours; times that
/// are only shown are measured on the first pairs of the run, which are a random sample of the set.
///
/// A run that was stopped goes on with the pairs that are missing and comes to the same verdict, because order, coins
/// and verdict depend on nothing but the seed, the documents and the stored samples.
public struct CanaryReplay: Sendable {
    let record: CanaryRecord
    let document: CanaryDocument
    private let candidate: ReleaseRecord
    private let baseline: ReleaseRecord
    let requests: [TrafficRequest]
    let samplesPath: String
    /// The file of the samples of the canary that this one goes on from.
    let earlierPath: String?
    private let build: String
    let timing: TimingPlan

    /// Requests answered and thrown away before anything is measured.
    private static let warmUpCount = 2
    /// Pairs in flight where nothing is measured: enough to keep an engine busy while its callers store what it gave.
    private static let pairsInFlight = 32
    /// Differing pairs that the report shows.
    private static let shownPairs = 20

    /// A run of a canary that the log knows.
    ///
    /// - Parameters:
    ///   - requests: The traffic set, in its own order.
    ///   - samplesPath: The file of this canary's samples.
    ///   - earlierPath: The file of the samples of the canary that this one goes on from.
    public init(
        record: CanaryRecord,
        document: CanaryDocument,
        candidate: ReleaseRecord,
        baseline: ReleaseRecord,
        requests: [TrafficRequest],
        samplesPath: String,
        earlierPath: String? = nil,
        build: String
    ) {
        self.record = record
        self.document = document
        self.candidate = candidate
        self.baseline = baseline
        self.requests = requests
        self.samplesPath = samplesPath
        self.earlierPath = earlierPath
        self.build = build
        timing = TimingPlan(document)
    }

    /// Runs what is missing and judges.
    ///
    /// - Parameter progress: Called after each pair with the pairs that are done and the seconds so far.
    /// - Throws: `TrafficLogError` for a file of another run, `InferenceError`, `CancellationError`.
    public func run(
        candidate candidateSide: ReplaySide,
        baseline baselineSide: ReplaySide,
        progress: @escaping @Sendable (_ done: Int, _ elapsedSeconds: Double) -> Void
    ) async throws -> CanaryReport {
        let store = try SampleStore.open(path: samplesPath, run: identity)
        // What is in the file stays, however this ends.
        defer { try? store.close() }
        if !(try await store.completedPositions()).isEmpty { try await store.noteResumed() }
        try await takeEarlierPairs(into: store)
        let done = try await store.completedPositions()
        let schedule = try await schedule(for: store)
        let writer = SampleWriter(store, done: done.count, before: try await store.progress().elapsedSeconds, progress)
        await writer.report()
        let pending = schedule.steps.filter { !done.contains($0.position) }
        let pair = ReplayPair(
            candidate: candidateSide,
            baseline: baselineSide,
            scoresBaseline: document.checks.contains { $0.metric == .baselineLogProbability },
            seed: record.seed,
            metrics: Set(document.checks.map(\.metric))
        )
        let looks = lookSchedule(schedule, first: record.requests)
        var before = 0
        for pairs in looks?.all ?? [schedule.steps.count] {
            let next = pending.filter { (before..<pairs).contains($0.position) }
            try await measure(next.filter { timing.measures($0.position) }, pair, writer)
            try await replay(next.filter { !timing.measures($0.position) }, pair, writer)
            before = pairs
            // What is not asked costs nothing, and would change nothing: what was decided stays so.
            guard let looks, pairs < schedule.steps.count else { continue }
            let seen = try pairsInOrder(try await store.allPairs(), schedule)
            if look(at: seen, looks, schedule, baselineSide.prompt.output).judgment.verdict.isDecided { break }
        }
        return try await report(store, schedule, JudgedSides(candidate: candidateSide, baseline: baselineSide))
    }

    /// Judges at every look whose pairs are in, from the first: whatever stopped the run in between, it comes to the same.
    private func look(
        at pairs: [MeasuredPair],
        _ looks: LookSchedule,
        _ schedule: CanarySchedule,
        _ schema: OutputSchema?
    ) -> (judgment: Judgment, run: JudgedRun) {
        // Which checks apply is known from the requests alone. A look at which too few of them say what should come has
        // other checks, and is not taken.
        let planned = CanaryMeasurements(
            document: document,
            pairs: schedule.steps.map {
                MeasuredPair(
                    request: requests[$0.request],
                    baseline: Sample(),
                    candidate: Sample(),
                    isTimed: timing.measures($0.position)
                )
            },
            schema: schema
        )
        .definitions
        return judge(looks, pairs: pairs.count, policy: JudgePolicy(document.promise)) { first in
            let measured = CanaryMeasurements(document: document, pairs: Array(pairs.prefix(first)), schema: schema)
            guard measured.definitions == planned || first == looks.all.last else { return nil }
            return measured.run
        }
    }

    /// The stored pairs in the order of the run, up to the first that is missing.
    private func pairsInOrder(_ stored: [SamplePair], _ schedule: CanarySchedule) throws -> [MeasuredPair] {
        let all = try stored.sorted { $0.position < $1.position }.map { pair in
            (position: pair.position, measured: try measured(pair, schedule))
        }
        return zip(all.indices, all).prefix { $0 == $1.position }.map(\.1.measured)
    }

    /// A stored pair with its request.
    func measured(_ pair: SamplePair, _ schedule: CanarySchedule) throws -> MeasuredPair {
        guard schedule.steps.indices.contains(pair.position) else {
            throw ReplayError.foreignSample(position: pair.position, canary: record.id)
        }
        let step = schedule.steps[pair.position], request = requests[step.request]
        guard pair.request == request.id else {
            throw ReplayError.foreignSample(position: pair.position, canary: record.id)
        }
        return MeasuredPair(
            request: request,
            baseline: pair.baseline,
            candidate: pair.candidate,
            isTimed: timing.measures(pair.position),
            candidateFirst: pair.first == .candidate,
            isOrderDrawn: (pair.first == .baseline) == step.baselineFirst
        )
    }

    /// Answers pairs one after the other, each side on an engine of its own.
    private func measure(_ steps: [CanarySchedule.Step], _ pair: ReplayPair, _ writer: SampleWriter) async throws {
        guard !steps.isEmpty else { return }
        let (alone, engines) = try pair.alone()
        do {
            for request in requests.prefix(Self.warmUpCount) { try await alone.warmUp(request) }
            for step in steps { try await writer.add(alone.measure(step, requests[step.request])) }
        } catch {
            for engine in engines { await engine.close() }
            throw error
        }
        for engine in engines { await engine.close() }
    }

    /// Answers pairs, many at the same time.
    private func replay(_ steps: [CanarySchedule.Step], _ pair: ReplayPair, _ writer: SampleWriter) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, step) in steps.enumerated() {
                if index >= Self.pairsInFlight { try await group.next() }
                group.addTask { try await writer.add(pair.run(step, requests[step.request])) }
            }
            try await group.waitForAll()
        }
    }

    /// What the samples of this run must be of.
    var identity: RunIdentity { identity() }

    /// - Parameter canary: Whose samples; this run's own where none is named.
    func identity(of canary: CanaryID? = nil, numerics: Int = EngineIdentity.numerics) -> RunIdentity {
        RunIdentity(
            canary: canary ?? record.id,
            seed: record.seed,
            requests: record.requests,
            traffic: record.trafficDigest,
            document: record.documentDigest,
            baseline: baseline.digest,
            candidate: candidate.digest,
            engineNumerics: numerics
        )
    }

    /// Judges the stored samples.
    ///
    /// - Parameter first: Pairs without an extension, where the schedule is not that of the run itself; nil where it is: then
    ///   no sample may be beyond it.
    func report(
        _ store: SampleStore,
        _ schedule: CanarySchedule,
        _ sides: JudgedSides,
        first: Int? = nil
    ) async throws -> CanaryReport {
        let schema = sides.schema
        let all = try await store.allPairs()
        let stored = first == nil ? all : all.filter { schedule.steps.indices.contains($0.position) }
        let replayed = try pairsInOrder(stored, schedule)
        let looks = lookSchedule(schedule, first: first ?? record.requests)
        let looked = looks.map { look(at: replayed, $0, schedule, schema) }
        // Before the first look of another document there is nothing to judge, which is an answer.
        let expected = looked?.judgment.looks?.pairs.last ?? (looked != nil && first != nil ? 0 : schedule.steps.count)
        guard replayed.count >= expected, looked != nil || replayed.count == stored.count else {
            throw ReplayError.missingSamples(pairs: replayed.count, expected: expected, canary: record.id)
        }
        let judged = Array(replayed.prefix(expected))
        // Only a run that an older build began holds the same question twice.
        let pairs = DistinctRequests(judged.map(\.request)).representatives.map { judged[$0] }
        let measurements = CanaryMeasurements(document: document, pairs: pairs, schema: schema)
        let expectations = Expectations(of: pairs.map(\.request))
        let notes = RunNotes(
            requests: pairs.map(\.request),
            sides: [
                ("\(record.baseline)", pairs.map(\.baseline), sides.baselineTakesTools),
                ("\(record.candidate)", pairs.map(\.candidate), sides.candidateTakesTools),
            ],
            distinct: DistinctRequests(requests),
            expectations: expectations,
            readsExpected: measurements.definitions.contains { $0.metric == Metric.exactMatch.rawValue },
            conversations: measurements.conversations.count,
            silentSlices: measurements.silentSlices,
            stages: stages(looks, first: first ?? record.requests)
        )
        let judgment = (looked.map(examined) ?? judge(measurements.run))
            .compared(as: measurements.comparison)
            .noting(measurements.unapplied, timing.note(pairs: pairs.count), notes)
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
                warmUp: timing == .none ? 0 : Self.warmUpCount,
                seconds: final.elapsedSeconds,
                resumed: final.resumed,
                rulesRevision: AnswerCheck.revision
            ),
            expectations: expectations,
            conversations: measurements.conversations.count
        )
    }

    private func examined(_ look: (judgment: Judgment, run: JudgedRun)) -> Judgment {
        var judgment = look.judgment
        look.run.examine(&judgment)
        return judgment
    }
}

extension Verdict {
    /// Whether more requests would not change it.
    fileprivate var isDecided: Bool {
        switch self {
        case .pass, .fail: true
        case .marginal, .inconclusive, .invalid: false
        }
    }
}

/// What can go wrong with a replay besides the engine and the store.
public enum ReplayError: Error, Equatable, Sendable {
    /// The stored samples hold a pair that this run never drew.
    case foreignSample(position: Int, canary: CanaryID)
    /// Fewer pairs are stored than were answered.
    case missingSamples(pairs: Int, expected: Int, canary: CanaryID)
}

extension ReplayError {
    /// What is wrong with the samples, without what to do.
    public var why: String {
        switch self {
        case .foreignSample(let position, _): "the pair at place \(position) is none of this run"
        case .missingSamples(let pairs, let expected, _): "\(pairs) of \(expected) pairs are there"
        }
    }
}

extension ReplayError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .foreignSample(let position, let canary):
            "the samples of \(canary) hold a pair at place \(position) that the run never drew: move its file in the folder canaries away and run the canary again"
        case .missingSamples(let pairs, let expected, let canary):
            "the samples of \(canary) hold \(pairs) of \(expected) pairs after all were answered: run the canary again"
        }
    }
}
