import Catalog
import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat

/// From what a person wrote to what is stored; nothing found is an error with near names.
extension ControlPlane {
    static func requireVersion(_ id: VersionID, in state: CatalogState) throws -> VersionRecord {
        if let version = try state.version(id) { return version }
        try requireModel(id.name, in: state)
        let numbers = try state.newestVersions(of: id.name).map(\.id.number).sorted()
        throw ControlPlaneError(
            .notFound,
            "no version \(id)",
            why: numbers.last.map { "\(id.name) has versions \(numbers[0]) to \($0)" },
            next: "serin model versions \(id.name)"
        )
    }

    static func requireModel(_ name: Name, in state: CatalogState) throws {
        let models = try state.models()
        guard !models.contains(name) else { return }
        throw ControlPlaneError(
            .notFound,
            "no model \"\(name)\"",
            why: models.isEmpty ? "nothing has been published yet" : nil,
            next: models.isEmpty ? "serin publish PATH --model \(name)" : "serin model list",
            near: NearNames.nearest(to: name.text, in: models.map(\.text))
        )
    }

    static func requireRelease(_ id: ReleaseID, in state: CatalogState) throws -> ReleaseRecord {
        if let release = try state.release(id) { return release }
        try requireModel(id.model, in: state)
        throw ControlPlaneError(.notFound, "no release \(id)", next: "serin release list \(id.model)")
    }

    static func requirePrompt(_ id: VersionID, in state: CatalogState) throws -> PromptRecord {
        if let prompt = try state.prompt(id) { return prompt }
        let names = try state.prompts()
        guard names.contains(id.name) else {
            throw ControlPlaneError(
                .notFound,
                "no prompt \"\(id.name)\"",
                next: names.isEmpty ? "serin prompt push FILE" : "serin prompt list",
                near: NearNames.nearest(to: id.name.text, in: names.map(\.text))
            )
        }
        throw ControlPlaneError(.notFound, "no prompt version \(id)", next: "serin prompt show \(id.name)")
    }

    static func requireTraffic(_ name: Name, in state: CatalogState) throws -> TrafficRecord {
        if let traffic = try state.traffic(name) { return traffic }
        let names = try state.trafficSets().map(\.name.text)
        throw ControlPlaneError(
            .notFound,
            "no traffic set \"\(name)\"",
            next: names.isEmpty ? "serin traffic import FILE --name \(name)" : "serin traffic list",
            near: NearNames.nearest(to: name.text, in: names)
        )
    }

    static func requireDocument(_ kind: DocumentKind, _ name: Name, in state: CatalogState) throws -> DocumentRecord {
        if let document = try state.document(kind, name) { return document }
        let names = try state.documents(kind).map(\.name.text)
        let list =
            switch kind {
            case .policy: "serin policy list"
            case .slo: "serin slo list"
            case .canary: "serin apply -f FILE"
            }
        throw ControlPlaneError(
            .notFound,
            "no \(kind.words) \"\(name)\"",
            next: names.isEmpty ? "serin apply -f FILE" : list,
            near: NearNames.nearest(to: name.text, in: names)
        )
    }

    /// What a release is, for the answer to "what does this reference mean".
    static func resolution(
        of reference: Reference,
        release id: ReleaseID,
        channel: Name?,
        in state: CatalogState
    ) throws -> ResolveAnswer {
        let release = try requireRelease(id, in: state)
        return ResolveAnswer(
            reference: reference,
            release: release.id,
            version: release.version,
            prompt: release.content.prompt,
            digest: release.digest,
            channel: channel
        )
    }
}
