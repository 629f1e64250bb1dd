import Artifacts
import Catalog
import Foundation
import Logging
public import RegistryRecords
public import RegistryTypes
import Replay
import TrafficLog
import UserDocuments
public import WireFormat

/// Replay canaries: asked for, shown, and run one after another; a restart takes them up where they were.
extension ControlPlane {
    /// Canaries of a model, or all, newest first.
    public func canaries(model: Name?, before: Int?, limit: Int) async throws -> [CanaryRecord] {
        try await read {
            try $0.canaries(model: model, limit: min(max(limit, 1), 1000), before: before.map { CanaryID($0) })
        }
    }

    /// A canary with its progress or its report.
    public func canary(_ id: CanaryID) async throws -> CanaryView {
        let (record, document) = try await read { state in
            guard let record = try state.canary(id) else {
                throw ControlPlaneError.notFound("canary", id.description, list: "serin canary list")
            }
            let document = try state.newestRevisions(.canary, record.document)
                .first { $0.digest == record.documentDigest }
            return (record, document)
        }
        let report = try record.evidence.map { try evidence(CanaryReport.self, $0) }
        let progress = record.state == .running ? canaryBoard.progress(of: id) ?? Self.waiting(record) : nil
        return CanaryView(record: record, progress: progress, report: report, document: document)
    }

    /// Starts a canary: pins the two releases, the traffic, the document and the seed.
    ///
    /// - Throws: ``ControlPlaneError``: something named is not there, both sides are the same release, or the set
    ///   holds too few requests.
    public func startCanary(_ request: CanaryRequest, by caller: Caller) async throws -> CanaryView {
        try caller.require(.publish, to: "run canaries")
        let candidate = try await ensureRelease(request.release, by: caller)
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
        let seed = configuration.drawSeed()
        let events = try await append(by: caller) { state in
            let record = try Self.canaryDocument(request, model: model, in: state)
            let document = try record.canary()
            let traffic = try Self.requireTraffic(request.traffic ?? document.compare.traffic, in: state)
            // A set that is smaller than the document asks for is not used silently: its author chose the number
            // for what it can show, and whoever runs it with less has to say so.
            let wanted = request.requests ?? document.compare.requests
            guard wanted >= 1, wanted <= traffic.requests else {
                throw ControlPlaneError(
                    .badRequest,
                    "\(wanted) requests cannot be taken from \(traffic.name), which holds \(traffic.requests)",
                    why: request.requests == nil ? "canary document \"\(record.name)\" asks for that many" : nil,
                    next: "--requests \(traffic.requests), or import a larger set: serin traffic import FILE"
                )
            }
            return [
                .canaryStarted(
                    CanaryStarted(
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
                )
            ]
        }
        canaryBell.ring()
        guard let subject = events.first?.subject else {
            throw ControlPlaneError(.internalFault, "the canary is not in the log")
        }
        return try await canary(CanaryID(text: subject))
    }

    /// Runs canaries, oldest first, until cancelled.
    func runCanaries() async {
        for await _ in canaryBell.rings {
            // Canaries that something outside them holds up, such as a full disk.
            var heldUp: Set<CanaryID> = []
            while !Task.isCancelled, let next = await nextCanary(besides: heldUp) {
                if await !run(next) { heldUp.insert(next.id) }
            }
            if Task.isCancelled { return }
            if !heldUp.isEmpty {
                try? await Task.sleep(for: .seconds(10))
                canaryBell.ring()
            }
        }
    }

    private func nextCanary(besides heldUp: Set<CanaryID>) async -> CanaryRecord? {
        do {
            return try await read { try $0.canaries(state: .running, limit: 1000).last { !heldUp.contains($0.id) } }
        } catch {
            if !Task.isCancelled { logger.error("canaries cannot be read", metadata: ["error": "\(error)"]) }
            return nil
        }
    }

    static func waiting(_ record: CanaryRecord) -> WorkProgress {
        WorkProgress(done: 0, total: record.requests, elapsedSeconds: 0)
    }

    /// Runs a canary to its end. False when it has to go on later: it stays in the log as running.
    private func run(_ record: CanaryRecord) async -> Bool {
        defer { canaryBoard.remove(record.id) }
        do {
            let report = try await replay(record)
            let stored = try store(evidence: report)
            Failpoint.hit("canary.stored")
            _ = try await append(by: .system) { state in
                guard try state.canary(record.id)?.state == .running else { return [] }
                return [
                    .canaryJudged(
                        CanaryJudged(
                            id: record.id,
                            verdict: report.judgment.verdict,
                            summary: report.judgment.reasons.first ?? report.judgment.verdict.rawValue,
                            evidence: stored.digest,
                            evidenceSizeBytes: stored.sizeBytes,
                            requestsNeeded: report.judgment.requestsNeeded,
                            failedChecks: report.judgment.checks
                                .filter { !$0.watchOnly && ($0.verdict == .fail || $0.verdict == .marginal) }
                                .map(\.name)
                        )
                    )
                ]
            }
            Failpoint.hit("canary.judged")
            logger.info("canary judged", metadata: ["canary": "\(record.id)", "verdict": "\(report.judgment.verdict)"])
            return true
        } catch {
            return await stop(record, after: error)
        }
    }

    /// Ends a canary that cannot be judged, unless the server stops or the trouble passes.
    private func stop(_ record: CanaryRecord, after error: any Error) async -> Bool {
        if Task.isCancelled || error is CancellationError { return false }
        let metadata: Logger.Metadata = ["canary": "\(record.id)", "error": "\(error)"]
        if let error = error as? ControlPlaneError, error.isPassing {
            logger.warning("canary is held up and will go on", metadata: metadata)
            return false
        }
        logger.error("canary stopped", metadata: metadata)
        do {
            _ = try await append(by: .system) { state in
                guard try state.canary(record.id)?.state == .running else { return [] }
                return [.canaryStopped(CanaryStopped(id: record.id, reason: "\(error)"))]
            }
            return true
        } catch {
            return false
        }
    }

    private func replay(_ record: CanaryRecord) async throws -> CanaryReport {
        let (document, candidate, baseline) = try await read { state in
            let revision = try state.newestRevisions(.canary, record.document).first {
                $0.digest == record.documentDigest
            }
            guard let revision else {
                throw ControlPlaneError(.internalFault, "the document of \(record.id) is not in the log")
            }
            return (
                try revision.canary(), try Self.requireRelease(record.candidate, in: state),
                try Self.requireRelease(record.baseline, in: state)
            )
        }
        let requests = try TrafficSetFile.requests(in: blobs, record.trafficDigest)
        let run = CanaryReplay(
            record: record,
            document: document,
            candidate: candidate,
            baseline: baseline,
            requests: requests,
            samplesPath: folder.samples(of: record.id.description),
            build: configuration.build
        )
        do {
            return try await run.run(
                candidate: try await replaySide(candidate),
                baseline: try await replaySide(baseline)
            ) { [canaryBoard] done, elapsedSeconds in
                canaryBoard.show(
                    WorkProgress(done: done, total: record.requests, elapsedSeconds: elapsedSeconds),
                    for: record.id
                )
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
            return try await ensureRelease(against, by: caller)
        }
        let reference = try await read { state in
            let document = try Self.canaryDocument(request, model: model, in: state).canary()
            return switch document.compare.against {
            case .channel(let name): Reference(model: model, selector: .channel(name))
            case .release(let number): Reference(model: model, selector: .release(number))
            case nil: Reference(model: model, selector: .live)
            }
        }
        return try await read { state in
            try Self.requireRelease(Self.releaseID(of: reference, in: state), in: state)
        }
    }

    /// The canary document asked for, else the one the policy of production names, else the only one there is.
    private static func canaryDocument(_ request: CanaryRequest, model: Name, in state: CatalogState) throws
        -> DocumentRecord
    {
        if let name = request.document { return try requireDocument(.canary, name, in: state) }
        if let policy = try PromotionPlan.policy(model, .production, in: state) {
            for gate in policy.document.gates {
                if case .canary(let canary) = gate.requirement, let name = canary.using {
                    return try requireDocument(.canary, name, in: state)
                }
            }
        }
        let all = try state.documents(.canary)
        if all.count == 1 { return all[0] }
        throw ControlPlaneError(
            .badRequest,
            "no canary document is named",
            why: all.isEmpty
                ? "there is none yet; it says what is compared and by how much it may be worse"
                : "the policy of production names none, and there are several: "
                    + all.prefix(5).map(\.name.text).joined(separator: ", "),
            next: all.isEmpty ? "serin apply -f FILE, with kind: Canary" : "--using \(all[0].name)"
        )
    }
}

extension Caller {
    /// Who acts when no person does.
    static let system = Caller(name: .known("serin"), role: .admin)
}

extension DocumentRecord {
    /// The canary document this record holds.
    ///
    /// - Throws: ``ControlPlaneError`` when the stored text no longer reads as one canary of that name.
    func canary() throws -> CanaryDocument {
        for document in try Document.parse(source, file: name.text) {
            if case .canary(let canary) = document, canary.name == name { return canary }
        }
        throw ControlPlaneError(.internalFault, "the stored canary document \"\(name)\" cannot be read")
    }
}
