import Artifacts
import Catalog
import Digests
import Foundation
import Logging
import LongWork
public import RegistryRecords
public import RegistryTypes
import Replay
import TrafficLog
import UserDocuments
public import WireFormat
import Wording

/// Replay canaries: asked for, shown, and run.
public struct Canaries: Sendable {
    let parts: ExperimentParts

    /// Canaries of a model, or all, newest first.
    public func list(model: Name?, before: Int?, limit: Int) async throws -> [CanaryRecord] {
        try await parts.ledger.read {
            try model.map($0.requireModel)
            return try $0.canaries(model: model, limit: limit, before: before.map { CanaryID($0) })
        }
    }

    /// A canary as the log knows it.
    public func record(_ id: CanaryID) async throws -> CanaryRecord {
        try await parts.ledger.read { try $0.requireCanary(id) }
    }

    /// A canary with its progress or its report.
    public func show(_ id: CanaryID) async throws -> CanaryView {
        let (record, document, traffic, live, extendedBy) = try await parts.ledger.read { state in
            let record = try state.requireCanary(id)
            return (
                record, try state.document(.canary, record.document, digest: record.documentDigest),
                try state.traffic(record.traffic), try Self.channels(of: record.candidate, in: state),
                try Self.extender(of: record, in: state)
            )
        }
        return try view(record, document, traffic, live, extendedBy: extendedBy)
    }

    private func view(
        _ record: CanaryRecord,
        _ document: DocumentRecord?,
        _ traffic: TrafficRecord?,
        _ live: [Name],
        extendedBy: CanaryID? = nil
    ) throws -> CanaryView {
        let isRunning = record.state == .running
        let report = try record.evidence.map { try parts.evidence.read(CanaryReport.self, $0) }
        let holds = traffic.map { $0.different ?? $0.requests }
        return CanaryView(
            record: record,
            progress: isRunning
                ? parts.progress.progress(of: .canary(record.id)) ?? WorkProgress(waiting: record.requests) : nil,
            report: report,
            document: document,
            trafficRequests: holds,
            candidateLiveIn: live,
            extensionNeeded: report.flatMap { report in
                guard report.canExtend, extendedBy == nil, let holds, let document = try? document?.canary() else {
                    return nil
                }
                return ExtensionReach(report, document, requests: record.requests, holds: holds).decided
            },
            extendedBy: extendedBy
        )
    }

    private static func channels(of release: ReleaseID, in state: CatalogState) throws -> [Name] {
        try state.channels(of: release.model).productionFirst.filter { $0.release == release.number }.map(\.channel)
    }

    /// Starts a canary: pins the two releases, the traffic, the document and the seed.
    ///
    /// - Throws: ``ControlPlaneError``: something named is not there, both sides are the same release, or the set
    ///   holds too few requests.
    public func start(_ request: CanaryRequest, by caller: Caller) async throws -> CanaryView {
        try caller.require(.runCanary)
        let model = request.release.reference.model
        try Self.requireOneModel(request)
        let seed = parts.settings.drawSeed()
        let plan = try await parts.ledger.read { try PlannedCanary(request, drawn: seed, in: $0) }
        if !(plan.candidate.created + plan.baseline.created).isEmpty { try caller.require(.makeRelease) }
        let set = try await parts.sets.requests(plan.traffic.digest)
        try await LongWork.run(bytes: Int(clamping: plan.traffic.sizeBytes)) { try plan.check(set) }
        let drawn = plan.drawn(from: set)
        for side in [plan.baseline, plan.candidate] {
            try await parts.requireContext(of: side, for: drawn, of: plan.traffic.name)
        }
        let started = try await parts.ledger.append(by: caller) { state in
            let record = try PlannedCanary.document(request, model: model, in: state)
            let candidate = try plan.candidate.again(in: state)
            let baseline = try plan.baseline.again(after: candidate, in: state)
            guard record.digest == plan.document.digest else {
                throw ControlPlaneError(
                    .conflict,
                    "canary document \"\(record.name)\" changed meanwhile",
                    next: "ask again: \(.canaryRun(.reference(request.release.reference), using: record.name))"
                )
            }
            try WaitingLimit.canaries.require(
                state.canaries(state: .running, limit: WaitingLimit.canaries.ofAll).map(\.startedBy),
                caller
            )
            let event = CanaryStarted(
                id: try state.nextCanaryID(),
                candidate: candidate.id,
                baseline: baseline.id,
                traffic: plan.traffic.name,
                trafficDigest: plan.traffic.digest,
                document: record.name,
                documentDigest: record.digest,
                requests: plan.requests,
                seed: plan.seed
            )
            return Change(candidate.created + baseline.created + [.canaryStarted(event)]) {
                (try $0.requireCanary(event.id), record, try Self.channels(of: candidate.id, in: $0))
            }
        }.answer
        parts.signal.send()
        return try view(started.0, started.1, plan.traffic, started.2)
    }

    /// Ends a canary that waits or runs, without a verdict. One that was stopped before stays as it is.
    ///
    /// - Throws: ``ControlPlaneError``: `conflict` for one that has a verdict; `notAllowed` for another's without the role.
    public func cancel(_ id: CanaryID, _ request: CancelRequest, by caller: Caller) async throws -> CanaryView {
        try caller.require(.cancelCanary)
        let reason = try request.reason(by: caller)
        try await parts.ledger.append(by: caller) { state in
            let canary = try state.requireCanary(id)
            switch canary.outcome {
            case .stopped: return Change([])
            case .judged(let judged):
                throw ControlPlaneError(
                    .conflict,
                    "canary \(id) has its verdict and cannot be cancelled: \(judged.verdict.rawValue)",
                    next: "\(.canaryShow(id))"
                )
            case .running:
                if canary.startedBy != caller.name.text { try caller.require(.cancelForOthers) }
                return Change([.canaryStopped(CanaryStopped(id: id, reason: reason))])
            }
        }
        parts.running.cancel(.canary(id))
        return try await show(id)
    }

    /// Runs a canary to its end: what is missing is replayed, and the verdict is written.
    ///
    /// - Parameter show: Called after each pair with the pairs that are done, those of this stage and the seconds so far.
    func run(
        _ record: CanaryRecord,
        show: @escaping @Sendable (_ done: Int, _ total: Int, _ seconds: Double) -> Void
    ) async throws {
        let report = try await replay(record, show)
        let stored = try parts.evidence.store(report)
        Failpoint.hit("canary.stored")
        try await parts.ledger.append(by: .system) { state in
            guard try state.canary(record.id)?.state == .running else { return Change([]) }
            return Change([.canaryJudged(CanaryJudged(record.id, report, stored.digest, stored.sizeBytes))])
        }
        Failpoint.hit("canary.judged")
        parts.settings.logger.info(
            "canary judged",
            metadata: ["canary": "\(record.id)", "verdict": "\(report.judgment.verdict)"]
        )
    }

    /// Ends a canary that cannot be judged.
    func stop(_ id: CanaryID, reason: String) async throws {
        try await parts.ledger.append(by: .system) { state in
            guard try state.canary(id)?.state == .running else { return Change([]) }
            return Change([.canaryStopped(CanaryStopped(id: id, reason: reason))])
        }
    }

    private func replay(
        _ record: CanaryRecord,
        _ show: @escaping @Sendable (Int, Int, Double) -> Void
    ) async throws -> CanaryReport {
        let (document, candidate, baseline) = try await parts.ledger.read { state in
            guard let revision = try state.document(.canary, record.document, digest: record.documentDigest) else {
                throw ControlPlaneError(.internalFault, "the document of \(record.id) is not in the log")
            }
            return (
                try revision.canary(), try state.requireRelease(record.candidate),
                try state.requireRelease(record.baseline)
            )
        }
        let requests = try await parts.sets.requests(record.trafficDigest)
        let run = CanaryReplay(
            record: record,
            document: document,
            candidate: candidate,
            baseline: baseline,
            requests: requests,
            samplesPath: parts.settings.folder.samples(of: record.id.description),
            earlierPath: record.event.extends.map { parts.settings.folder.samples(of: $0.canary.description) },
            build: parts.settings.build
        )
        let extended = run.pairLimit(first: record.requests)
        do {
            return try await run.run(
                candidate: try await parts.releases.replaySide(candidate, parts.ledger),
                baseline: try await parts.releases.replaySide(baseline, parts.ledger)
            ) { done, seconds in
                let isExtended = record.event.extends != nil || done > record.requests
                show(done, isExtended ? extended : record.requests, seconds)
                Failpoint.hit("canary.sampled")
            }
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
    }
}

extension CanaryJudged {
    init(_ id: CanaryID, _ report: CanaryReport, _ evidence: Digest, _ sizeBytes: Int64) {
        self.init(
            id: id,
            verdict: report.judgment.verdict,
            summary: report.judgment.reasons.first ?? report.judgment.verdict.rawValue,
            evidence: evidence,
            evidenceSizeBytes: sizeBytes,
            requestsNeeded: report.judgment.requestsNeeded,
            failedChecks: report.judgment.checks
                .filter { !$0.watchOnly && ($0.verdict == .fail || $0.verdict == .marginal) }
                .map(\.name),
            rulesRevision: report.run.rulesRevision,
            pairs: report.requests
        )
    }
}
