import Catalog
import RegistryRecords
import RegistryTypes
import ServiceLevels
import UserDocuments

/// What the service levels say: for policies, for pages, and for the watch over a release.
extension ControlPlane {
    /// The SLO documents in force.
    static func serviceLevels(in state: CatalogState) throws -> [SLODocument] {
        try state.documents(.slo).map { try $0.slo() }
    }

    /// What is left of the error budgets of a model in a channel.
    func budgets(of model: Name, _ channel: Name, now: Timestamp) -> [PolicyFacts.Budget] {
        levels.documents
            .filter { $0.scope.channel == channel && $0.scope.matches(model) }
            .compactMap { levels.status($0.name, of: model, now: now)?.status }
            .map { status in
                PolicyFacts.Budget(
                    slo: status.slo,
                    remaining: status.budgetLeft,
                    time: status.dataUntil ?? now,
                    problem: status.budgetLeft == nil ? status.sentence : nil
                )
            }
    }
}

extension DocumentRecord {
    /// The SLO this record holds.
    ///
    /// - Throws: ``ControlPlaneError`` when the stored text no longer reads as one SLO of that name.
    func slo() throws -> SLODocument {
        for document in try Document.parse(self.source, file: self.name.text) {
            if case .slo(let slo) = document, slo.name == self.name { return slo }
        }
        throw ControlPlaneError(.internalFault, "the stored SLO \"\(self.name)\" cannot be read")
    }
}

extension RolloutIndicator {
    /// An SLO as a watch sees it: what an incident about it is called, and which comparison of a policy it belongs to.
    init(_ slo: SLODocument) {
        switch slo.indicator.kind {
        case .availability:
            self.init(name: slo.name, family: .availability, degradation: .failedRequests)
        case .totalLatency, .timeToFirstToken, .timePerOutputToken:
            self.init(name: slo.name, family: .latency, degradation: .slowAnswers)
        case .validOutput, .correctness, .userFeedback:
            self.init(name: slo.name, family: .quality, degradation: .badAnswers)
        }
    }
}
