import Catalog
import LongWork
import RegistryRecords
import RegistryTypes
import Replay
import TrafficLog
import UserDocuments
public import WireFormat
import Wording

extension Canaries {
    /// Canaries that are looked through for one whose noise can be used.
    private static let maxEarlier = 50

    /// What a canary would compare and need. It changes nothing and is refused where the run would be, except that a release
    /// may be planned against itself: what a candidate of it would need.
    ///
    /// - Throws: ``ControlPlaneError``.
    public func plan(_ request: CanaryRequest, by caller: Caller) async throws -> CanaryPlanView {
        try caller.require(.readRegistry)
        try Self.requireOneModel(request)
        let seed = parts.settings.drawSeed()
        let (plan, earlier) = try await parts.ledger.read { state in
            let plan = try PlannedCanary(request, drawn: seed, mayBeSame: true, in: state)
            let judged = try state.canaries(model: plan.candidate.id.model, limit: Self.maxEarlier)
                .filter { $0.verdict != nil && $0.verdict != .invalid }
            return (plan, try Self.basis(of: plan.document.name, judged).map { ($0, try $0.promise(in: state)) })
        }
        let set = try await parts.sets.requests(plan.traffic.digest)
        try await LongWork.run(bytes: Int(clamping: plan.traffic.sizeBytes)) { try plan.check(set) }
        let found = try earlier.flatMap { record, promise in
            try record.evidence.map { (record, try parts.evidence.read(CanaryReport.self, $0), promise) }
        }
        let document = try plan.document.canary(), distinct = DistinctRequests(set).count
        let extendTo = document.compare.extendTo.map { min($0, distinct) }.flatMap { $0 > plan.requests ? $0 : nil }
        let basis = found.map { ($0.1.judgment, $0.2) }
        func checks(_ stage: PlannedStage) -> [PlannedCheck] {
            CanaryForecast.checks(of: document, requests: plan.requests, stage: stage, after: basis)
        }
        return CanaryPlanView(
            candidate: plan.candidate.id,
            baseline: plan.baseline.id,
            document: plan.document.name,
            traffic: plan.traffic.name,
            trafficRequests: distinct,
            requests: plan.requests,
            lookEvery: document.compare.lookEvery,
            extendTo: extendTo,
            extensionNeeded: extendTo.flatMap { checks(.extended(to: $0)).requestsNeeded },
            conversations: CanaryForecast.conversations(of: plan.drawn(from: set)),
            checks: checks(extendTo.map { .first(extendTo: $0) } ?? .only),
            basis: found.map { record, report, _ in
                CanaryPlanView.Basis(
                    canary: record.id,
                    candidate: record.candidate,
                    verdict: report.judgment.verdict,
                    requests: report.requests,
                    seconds: report.run.seconds
                )
            }
        )
    }

    /// The newest canary of the same document whose candidate did not fail, else one that did, else one of another document.
    private static func basis(of document: Name, _ judged: [CanaryRecord]) -> CanaryRecord? {
        let same = judged.filter { $0.document == document }
        return same.first { $0.verdict != .fail } ?? same.first ?? judged.first { $0.verdict != .fail } ?? judged.first
    }

    /// Refuses a baseline of another model.
    static func requireOneModel(_ request: CanaryRequest) throws {
        let model = request.release.reference.model
        if let against = request.against, against.reference.model != model {
            throw ControlPlaneError(.badRequest, "\(against.reference) is not of model \(model)")
        }
    }
}

extension CanaryRecord {
    /// How often its verdict might be wrong, as the document of then says; what is usual where that is not in the log.
    fileprivate func promise(in state: CatalogState) throws -> CanaryDocument.Promise {
        try state.document(.canary, event.document, digest: event.documentDigest).map { try $0.canary().promise }
            ?? CanaryDocument.Promise()
    }
}
