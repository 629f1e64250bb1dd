import Catalog
import RegistryRecords
public import RegistryTypes
import ReleaseRuntime
import Replay
import TrafficLog
import UserDocuments
public import WireFormat
import Wording

extension Canaries {
    /// Adds a stage to a canary that did not decide: a new canary takes over its pairs and asks what is added, from the same
    /// draw of the same set.
    ///
    /// - Throws: ``ControlPlaneError``: no such canary; one that has its answer, was extended before, was answered by another
    ///   revision of the engine, or whose set holds no more; a number that cannot be taken.
    public func extend(
        _ id: CanaryID,
        _ request: ExtendCanaryRequest,
        by caller: Caller
    ) async throws -> CanaryView {
        try caller.require(.runCanary)
        let run = try await parts.rereads.run(by: caller) {
            let run = try await StoredRun(id, parts)
            try run.requireOpen()
            // Its pairs are there, or the new run would stop at once.
            _ = try await run.samples(nil, after: nil, limit: 1)
            return run
        }
        try await parts.ledger.read { try Self.requireNoExtender(of: run.record, in: $0) }
        let extends = CanaryExtension(of: id, to: try run.extended(to: request.requests))
        let earlier = run.record
        let started = try await parts.ledger.append(by: caller) { state in
            try Self.requireNoExtender(of: earlier, in: state)
            try WaitingLimit.canaries.require(
                state.canaries(state: .running, limit: WaitingLimit.canaries.ofAll).map(\.startedBy),
                caller
            )
            let event = CanaryStarted(
                id: try state.nextCanaryID(),
                candidate: earlier.candidate,
                baseline: earlier.baseline,
                traffic: earlier.traffic,
                trafficDigest: earlier.trafficDigest,
                document: earlier.document,
                documentDigest: earlier.documentDigest,
                requests: earlier.requests,
                seed: earlier.seed,
                extends: extends
            )
            return Change([.canaryStarted(event)]) { _ in event.id }
        }.answer
        parts.signal.send()
        return try await show(started)
    }

    /// The canary that goes on from one; those that were stopped do not.
    static func extender(of canary: CanaryRecord, in state: CatalogState) throws -> CanaryID? {
        try state.canaries(candidate: canary.candidate, extending: canary.id).first { $0.state != .stopped }?.id
    }

    private static func requireNoExtender(of canary: CanaryRecord, in state: CatalogState) throws {
        guard let other = try extender(of: canary, in: state) else { return }
        throw ControlPlaneError(
            .conflict,
            "canary \(canary.id) is extended by \(other)",
            why: "there is one extension: each more may err again",
            next: "\(.canaryShow(other))"
        )
    }
}

/// How far a run can be extended, and how far it should be.
struct ExtensionReach {
    /// The most pairs in all: what the set holds, and as often as a stage is looked at.
    let limit: Int
    /// Pairs in all with which the extension would probably decide; nil where they are more than ``limit`` or not known.
    let decided: Int?

    /// - Parameters:
    ///   - requests: Pairs without the extension.
    ///   - holds: Different requests of the set.
    init(_ report: CanaryReport, _ document: CanaryDocument, requests: Int, holds: Int) {
        let step = document.compare.lookEvery ?? requests
        let limit = min(holds, requests + CanaryDocument.Comparison.maxLooks * step)
        self.limit = limit
        guard limit > requests else {
            decided = nil
            return
        }
        // An extension has a fifth of the error rates, so it takes more than a run of its own would.
        let needed =
            CanaryForecast.checks(
                of: document,
                requests: requests,
                stage: .extended(to: limit),
                after: (report.judgment, document.promise)
            )
            .requestsNeeded
        let enough = needed.map { max($0, report.judgment.verdict == .marginal ? 2 * requests : requests + 1) }
        decided = enough.flatMap { $0 <= limit ? min(limit, NumberText.roundedUp($0)) : nil }
    }
}

extension StoredRun {
    /// The pairs in all that an extension would come to.
    ///
    /// - Parameter asked: As many; what would probably decide when nil.
    /// - Throws: ``ControlPlaneError``: `conflict` where the set holds no more, `badRequest` for a number that cannot be taken.
    fileprivate func extended(to asked: Int?) throws(ControlPlaneError) -> Int {
        let holds = DistinctRequests(requests).count, before = record.requests
        guard holds > before else {
            throw ControlPlaneError(
                .conflict,
                "canary \(record.id) asked all \(NumberText.count(holds)) different requests of \(record.traffic)",
                why: "an extension asks more of the same set",
                next: "\(.trafficFreeze(nil, model: record.candidate.model, sample: 2 * before))"
            )
        }
        let reach = ExtensionReach(report, document, requests: before, holds: holds)
        let requests = asked ?? reach.decided ?? reach.limit
        guard requests > before, requests <= reach.limit else {
            throw ControlPlaneError(
                .badRequest,
                "canary \(record.id) cannot be extended to \(NumberText.count(requests, "request"))",
                why: "it asked \(NumberText.count(before)), and "
                    + (reach.limit < holds
                        ? "an extension has at most \(CanaryDocument.Comparison.maxLooks) looks"
                        : "\(record.traffic) holds \(NumberText.count(holds)) different ones"),
                next: "\(.canaryExtend(record.id, to: reach.decided ?? reach.limit))"
            )
        }
        return requests
    }

    /// Refuses one that no more requests can be added to.
    fileprivate func requireOpen() throws(ControlPlaneError) {
        let id = record.id, verdict = report.judgment.verdict
        let again = NextStep.canaryRun(
            .release(record.candidate),
            against: .release(record.baseline),
            using: record.document
        )
        switch verdict {
        case .inconclusive, .marginal: break
        case .pass, .fail:
            throw ControlPlaneError(
                .conflict,
                "canary \(id) has its answer: \(verdict.rawValue)",
                why: "more requests would not change it",
                next: "\(.canaryShow(id))"
            )
        case .invalid:
            throw ControlPlaneError(
                .conflict,
                "canary \(id) is not valid, and more of the same would not be either",
                why: report.judgment.reasons.first,
                next: "mend what the reason names, then: \(again)"
            )
        }
        guard report.canExtend else {
            throw ControlPlaneError(
                .conflict,
                "canary \(id) was extended already",
                why: "there is one extension: each more may err again",
                next: "draw other requests: \(again)"
            )
        }
        guard report.run.engineNumerics == EngineIdentity.numerics else {
            throw ControlPlaneError(
                .conflict,
                "canary \(id) was answered by revision \(report.run.engineNumerics) of the engine, and this build is revision "
                    + "\(EngineIdentity.numerics)",
                why: "a run is not continued under other numerics: its answers might be others",
                next: "\(again)"
            )
        }
    }
}
