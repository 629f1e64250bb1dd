import Catalog
import RegistryRecords
import RegistryTypes
import Replay
import UserDocuments
import Wording

/// What the log holds about a release that a policy may count, and why it does not count where it does not.
struct PromotionEvidence {
    private let release: ReleaseID
    private let live: ReleaseID?

    /// The newest canaries and evaluations that are looked at, whatever they say.
    private static let newest = 100
    /// Canaries that count, and are older than those.
    private static let older = 20
    /// Documents that are told.
    private static let maxPlans = 20

    init(of release: ReleaseID, live: ReleaseID?) {
        self.release = release
        self.live = live
    }

    /// The newest canaries; and, behind any number of them that say nothing, the newest that count: nobody pushes a verdict
    /// out of sight by asking for many small runs.
    func canaries(in state: CatalogState) throws -> [PolicyFacts.Canary] {
        var documents: [Name: DocumentRecord?] = [:]
        var found: [PolicyFacts.Canary] = []
        var older = 0
        var before: CanaryID?
        while older < Self.older {
            let page = try state.canaries(candidate: release, limit: Self.newest, before: before)
            for record in page {
                let document = try documents[record.document] ?? state.document(.canary, record.document)
                documents[record.document] = .some(document)
                let canary = try fact(record, document, in: state)
                if before == nil {
                    found.append(canary)
                } else if canary.verdict != nil, canary.objection == nil, canary.baseline == live, older < Self.older {
                    found.append(canary)
                    older += 1
                }
            }
            guard page.count == Self.newest, let last = page.last else { break }
            before = last.id
        }
        return found
    }

    private func fact(
        _ canary: CanaryRecord,
        _ document: DocumentRecord?,
        in state: CatalogState
    ) throws -> PolicyFacts.Canary {
        PolicyFacts.Canary(
            id: canary.id,
            document: canary.document,
            traffic: canary.traffic,
            baseline: canary.baseline,
            requests: canary.requests,
            verdict: canary.verdict,
            time: canary.finishedAt ?? canary.startedAt,
            failedChecks: canary.failedChecks,
            requestsNeeded: canary.requestsNeeded,
            trafficRequests: try state.traffic(canary.traffic).map { $0.different ?? $0.requests },
            summary: canary.state == .judged ? canary.summary : nil,
            stopped: canary.state == .stopped ? canary.summary ?? "no reason was recorded" : nil,
            objection: try Self.objection(to: canary, document),
            seq: try state.newestEvent(of: canary.id)
        )
    }

    /// The newest evaluations.
    func evaluations(in state: CatalogState) throws -> [PolicyFacts.Evaluation] {
        try state.evaluations(of: release, limit: Self.newest).map { evaluation in
            PolicyFacts.Evaluation(
                id: evaluation.id,
                suite: evaluation.suite,
                scores: evaluation.scores,
                time: evaluation.at,
                objection: Self.objection(toRules: evaluation.rulesRevision)
            )
        }
    }

    /// The documents that a canary could run by: first those that the policy names, then those of production's.
    func plans(under policy: PolicyRevision?, in state: CatalogState) throws -> [PolicyFacts.CanaryPlan] {
        let named = Self.named(by: [policy, try state.policy(of: release.model, in: .production)])
        let documents = try state.documents(.canary)
        let first = named.compactMap { name in documents.first { $0.name == name } }
        let others = documents.filter { !named.contains($0.name) }
        return try (first + others).prefix(Self.maxPlans).map { record in
            let compare = try record.canary().compare
            return PolicyFacts.CanaryPlan(
                name: record.name,
                traffic: compare.traffic,
                namesBaseline: compare.against != nil
            )
        }
    }

    /// The documents that canary gates name, each once.
    private static func named(by policies: [PolicyRevision?]) -> [Name] {
        var names: [Name] = []
        for gate in policies.compactMap(\.self).flatMap(\.document.gates) {
            if case .canary(let requirement) = gate.requirement, let name = requirement.using, !names.contains(name) {
                names.append(name)
            }
        }
        return names
    }

    /// The document by which new evidence about a rejected release comes: that of its channel's policy, else the one of its
    /// newest canary, else any; nil where there is one at most.
    static func document(for release: ReleaseRecord, in state: CatalogState) throws -> Name? {
        guard let rejection = release.rejections.last else { return nil }
        let policy = try state.policy(of: release.id.model, in: rejection.channel ?? .production)
        if let name = named(by: [policy]).first { return name }
        let documents = try state.documents(.canary)
        guard documents.count > 1 else { return nil }
        let newest = try state.canaries(candidate: release.id, limit: 1).first?.document
        let usual = named(by: [try state.policy(of: release.id.model, in: .production)]).first
        let known = [newest, usual].compactMap(\.self).first { name in documents.contains { $0.name == name } }
        return known ?? documents.first?.name
    }

    /// Suites that the policy asks for and that are not there; nil when all are.
    func absentSuites(under policy: PolicyRevision?, in state: CatalogState) throws -> [Name]? {
        let absent = try policy?.document.gates.compactMap { gate -> Name? in
            guard case .evaluation(let requirement) = gate.requirement else { return nil }
            return try state.traffic(requirement.suite) == nil ? requirement.suite : nil
        }
        return absent.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Why a canary is no evidence for its document as that stands now: a document with wider margins must not lend
    /// its verdict to a stricter one, nor an easy traffic set to the one the document names. A run of fewer requests than the
    /// document names may find a fault or prove that there is none; that it found nothing replaces no verdict.
    private static func objection(to canary: CanaryRecord, _ record: DocumentRecord?) throws -> String? {
        guard let record else { return "its document \(canary.document) is gone" }
        guard record.digest == canary.documentDigest else { return "its document \(canary.document) changed since" }
        if let objection = objection(to: canary, verdict: canary.verdict, by: try record.canary()) { return objection }
        return canary.verdict == nil ? nil : objection(toRules: canary.rulesRevision)
    }

    /// Why what a canary replayed is no evidence for a document, whatever that makes of it.
    static func objection(to canary: CanaryRecord, verdict: Verdict?, by document: CanaryDocument) -> String? {
        let compare = document.compare
        guard compare.traffic == canary.traffic else {
            return "it replayed \(canary.traffic), and \(document.name) names \(compare.traffic)"
        }
        guard verdict == .inconclusive, canary.requests < compare.requests else { return nil }
        return "it compared \(NumberText.count(canary.requests)) of the "
            + "\(NumberText.count(compare.requests, "request")) that \(document.name) names, too few to tell"
    }

    /// What a metric meant when it was measured may not be what it means now.
    private static func objection(toRules revision: Int?) -> String? {
        guard revision.map({ $0 < AnswerCheck.revision }) ?? true else { return nil }
        return "it was judged by the rules of an older build"
    }
}
