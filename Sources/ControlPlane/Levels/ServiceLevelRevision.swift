import Catalog
import Digests
import RegistryRecords
import RegistryTypes
import RolloutRules
import UserDocuments

/// An SLO document as it is in force.
struct ServiceLevelRevision: Sendable {
    /// What is measured, and how good it must be.
    let document: SLODocument
    /// The digest of the document.
    let digest: Digest
}

extension CatalogState {
    /// The SLO documents in force, by name.
    func serviceLevels() throws -> [ServiceLevelRevision] {
        try documents(.slo).map { ServiceLevelRevision(document: try $0.slo(), digest: $0.digest) }
    }
}

extension RolloutIndicator {
    /// An SLO as a watch sees it: what an incident about it is called, and which comparison of a policy it belongs to.
    init(_ slo: SLODocument) { self.init(name: slo.name, indicator: slo.indicator.kind) }
}
