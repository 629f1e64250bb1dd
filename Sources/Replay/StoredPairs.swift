public import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import TrafficLog
public import UserDocuments

/// What is to be known of the two sides to judge their stored answers: nothing that an engine would have to be asked.
public struct JudgedSides: Sendable {
    /// The output schema of the baseline's prompt.
    public let schema: OutputSchema?
    /// Whether the baseline's prompt had a place for the tools of requests.
    public let baselineTakesTools: Bool
    /// Whether the candidate's had one.
    public let candidateTakesTools: Bool

    /// The sides of a stored run.
    public init(schema: OutputSchema?, baselineTakesTools: Bool = false, candidateTakesTools: Bool = false) {
        self.schema = schema
        self.baselineTakesTools = baselineTakesTools
        self.candidateTakesTools = candidateTakesTools
    }

    init(candidate: ReplaySide, baseline: ReplaySide) {
        schema = baseline.prompt.output
        baselineTakesTools = baseline.takesTools
        candidateTakesTools = candidate.takesTools
    }
}

extension CanaryReplay {
    /// By which meaning of the metrics and rules of the judge this build judges.
    public static var rulesRevision: Int { AnswerCheck.revision }

    /// Judges what is stored again: nothing is asked, nothing is changed.
    ///
    /// - Parameter made: How the run was made, from its report: what a run says of the build that made it stays so.
    /// - Throws: `TrafficLogError` where the samples are gone, damaged or of another run, ``ReplayError`` where some are missing.
    public func recompute(_ sides: JudgedSides, made: CanaryReport.RunRecord) async throws -> CanaryReport {
        let store = try SampleStore.reopen(path: samplesPath, run: identity(numerics: made.engineNumerics))
        defer { try? store.close() }
        return try await report(store, schedule(for: store), sides).made(as: made)
    }

    /// Judges what is stored by the document that it was given, which is not the one that the run was asked for by. Pairs that
    /// were never answered stay so: what it asks for beyond them is told by the caller.
    ///
    /// - Parameter asked: Pairs that it would ask for.
    /// - Throws: as ``recompute(_:made:)``.
    public func judgeStored(
        _ sides: JudgedSides,
        asked: Int,
        made: CanaryReport.RunRecord
    ) async throws -> CanaryReport {
        let store = try SampleStore.reopen(path: samplesPath, run: identity(numerics: made.engineNumerics))
        defer { try? store.close() }
        let limit = pairLimit(first: asked)
        let drawn = try await schedule(for: store, limit: limit)
        // A run that looks plans its looks for all that it asks for, and needs no more than the last one that it took.
        guard document.compare.lookEvery == nil, limit == asked else {
            return try await report(store, drawn.first(limit), sides, first: asked).made(as: made)
        }
        let stored = try await store.completedPositions()
        let whole = min(asked, drawn.steps.prefix { stored.contains($0.position) }.count)
        return try await report(store, drawn.first(whole), sides, first: whole).made(as: made)
    }
}

extension CanaryReport {
    /// The same report of a run that was made as `run` says, apart from what is counted from the samples.
    fileprivate func made(as made: RunRecord) -> CanaryReport {
        CanaryReport(
            canary: canary,
            candidate: candidate,
            baseline: baseline,
            traffic: traffic,
            requests: requests,
            judgment: judgment,
            different: different,
            worstPairs: worstPairs,
            run: RunRecord(
                engineNumerics: made.engineNumerics,
                instructionSet: made.instructionSet,
                build: made.build,
                seed: run.seed,
                trafficDigest: run.trafficDigest,
                documentDigest: run.documentDigest,
                baselineDigest: run.baselineDigest,
                candidateDigest: run.candidateDigest,
                baselineFirst: run.baselineFirst,
                warmUp: made.warmUp,
                seconds: run.seconds,
                resumed: run.resumed,
                rulesRevision: made.rulesRevision
            ),
            expectations: expectations
        )
    }
}
