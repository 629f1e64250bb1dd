import Artifacts
import Catalog
import Digests
import Foundation
import Logging
public import RegistryRecords
public import RegistryTypes
import Replay
import TrafficLog
import UserDocuments
public import WireFormat
import Wording

/// Replay canaries: asked for, shown, and run.
public struct Canaries: Sendable {
    /// The most that run or wait.
    private static let maxWaiting = 50

    let parts: ExperimentParts

    /// Canaries of a model, or all, newest first.
    public func list(model: Name?, before: Int?, limit: Int) async throws -> [CanaryRecord] {
        try await parts.ledger.read {
            try $0.requireKnown(model)
            return try $0.canaries(model: model, limit: limit, before: before.map { CanaryID($0) })
        }
    }

    /// A canary with its progress or its report.
    public func show(_ id: CanaryID) async throws -> CanaryView {
        let (record, document) = try await parts.ledger.read { state in
            let record = try state.requireCanary(id)
            return (record, try state.document(.canary, record.document, digest: record.documentDigest))
        }
        return try view(record, document)
    }

    private func view(_ record: CanaryRecord, _ document: DocumentRecord?) throws -> CanaryView {
        let isRunning = record.state == .running
        return CanaryView(
            record: record,
            progress: isRunning
                ? parts.progress.progress(of: .canary(record.id)) ?? WorkProgress(waiting: record.requests) : nil,
            report: try record.evidence.map { try parts.evidence.read(CanaryReport.self, $0) },
            document: document
        )
    }

    /// Starts a canary: pins the two releases, the traffic, the document and the seed.
    ///
    /// - Throws: ``ControlPlaneError``: something named is not there, both sides are the same release, or the set
    ///   holds too few requests.
    public func start(_ request: CanaryRequest, by caller: Caller) async throws -> CanaryView {
        try caller.require(.runCanary)
        let candidate = try await parts.choices.ensure(request.release, by: caller)
        let model = candidate.id.model
        let baseline = try await baseline(of: request, model: model, by: caller)
        guard baseline.id != candidate.id else {
            throw ControlPlaneError(
                .badRequest,
                "candidate and baseline are both \(candidate.id)",
                why: "a release cannot be compared with itself here",
                next: "--against REF names another baseline"
            )
        }
        let seed = parts.settings.drawSeed()
        let started = try await parts.ledger.append(by: caller) { state in
            let record = try state.canaryDocument(request, model: model)
            let document = try record.canary()
            let traffic = try state.requireTraffic(request.traffic ?? document.compare.traffic)
            // A set that is smaller than the document asks for is not used silently: its author chose the number
            // for what it can show, and whoever runs it with less has to say so.
            let wanted = request.requests ?? document.compare.requests
            guard wanted >= 1, wanted <= traffic.requests else {
                throw ControlPlaneError(
                    .badRequest,
                    "\(wanted) requests cannot be taken from \(traffic.name), which holds \(traffic.requests)",
                    why: request.requests == nil ? "canary document \"\(record.name)\" asks for that many" : nil,
                    next: "--requests \(traffic.requests), or import a larger set: \(.trafficImport())"
                )
            }
            let waiting = try state.runningJobs(limit: 1000).count { if case .canary = $0 { true } else { false } }
            guard waiting < Self.maxWaiting else {
                throw ControlPlaneError(
                    .unavailable,
                    "too many canaries are waiting",
                    why: "\(Self.maxWaiting) run or wait already, one after another",
                    next: "wait for some of them: \(.canaryList())"
                )
            }
            let event = CanaryStarted(
                id: try state.nextCanaryID(),
                candidate: candidate.id,
                baseline: baseline.id,
                traffic: traffic.name,
                trafficDigest: traffic.digest,
                document: record.name,
                documentDigest: record.digest,
                requests: wanted,
                seed: request.seed ?? document.compare.seed ?? seed
            )
            return Change([.canaryStarted(event)]) { (try $0.requireCanary(event.id), record) }
        }.answer
        parts.signal.send()
        return try view(started.0, started.1)
    }

    /// Runs a canary to its end: what is missing is replayed, and the verdict is written.
    ///
    /// - Parameter show: Called after each pair with the pairs that are done and the seconds so far.
    func run(_ record: CanaryRecord, show: @escaping @Sendable (_ done: Int, _ seconds: Double) -> Void) async throws {
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
        _ show: @escaping @Sendable (Int, Double) -> Void
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
        let requests = try parts.sets.requests(record.trafficDigest)
        let run = CanaryReplay(
            record: record,
            document: document,
            candidate: candidate,
            baseline: baseline,
            requests: requests,
            samplesPath: parts.settings.folder.samples(of: record.id.description),
            build: parts.settings.build
        )
        do {
            return try await run.run(
                candidate: try await parts.releases.replaySide(candidate, parts.ledger),
                baseline: try await parts.releases.replaySide(baseline, parts.ledger)
            ) { done, seconds in
                show(done, seconds)
                Failpoint.hit("canary.sampled")
            }
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
    }

    private func baseline(of request: CanaryRequest, model: Name, by caller: Caller) async throws -> ReleaseRecord {
        if let against = request.against {
            guard against.reference.model == model else {
                throw ControlPlaneError(.badRequest, "\(against.reference) is not of model \(model)")
            }
            return try await parts.choices.ensure(against, by: caller)
        }
        let reference = try await parts.ledger.read { state in
            let document = try state.canaryDocument(request, model: model).canary()
            return switch document.compare.against {
            case .channel(let name): Reference(model: model, selector: .channel(name))
            case .release(let number): Reference(model: model, selector: .release(number))
            case nil: Reference(model: model, selector: .live)
            }
        }
        return try await parts.ledger.read { state in
            try state.requireRelease(state.releaseID(of: reference))
        }
    }
}

extension CatalogState {
    /// The canary document asked for, else the one the policy of production names, else the only one there is.
    fileprivate func canaryDocument(_ request: CanaryRequest, model: Name) throws -> DocumentRecord {
        if let name = request.document { return try requireDocument(.canary, name) }
        if let policy = try policy(of: model, in: .production) {
            for gate in policy.document.gates {
                if case .canary(let canary) = gate.requirement, let name = canary.using {
                    return try requireDocument(.canary, name)
                }
            }
        }
        let all = try documents(.canary)
        if all.count == 1 { return all[0] }
        throw ControlPlaneError(
            .badRequest,
            "no canary document is named",
            why: all.isEmpty
                ? "there is none yet; it says what is compared and by how much it may be worse"
                : "the policy of production names none, and there are several: "
                    + all.prefix(5).map(\.name.text).joined(separator: ", "),
            next: all.isEmpty ? "\(.apply()), with kind: Canary" : "--using \(all[0].name)"
        )
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
                .map(\.name)
        )
    }
}
