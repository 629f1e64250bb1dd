import Catalog
import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// From what a person wrote to what is stored; nothing found is an error with near names.
extension CatalogState {
    /// - Throws: ``ControlPlaneError`` of kind `notFound`, with the model when that is what is missing.
    func requireVersion(_ id: VersionID) throws -> VersionRecord {
        if let version = try self.version(id) { return version }
        try requireModel(id.name)
        let numbers = try newestVersions(of: id.name).map(\.id.number).sorted()
        throw ControlPlaneError(
            .notFound,
            "no version \(id)",
            why: numbers.last.map { "\(id.name) has versions \(numbers[0]) to \($0)" },
            next: "\(.modelVersions(id.name))"
        )
    }

    func requireModel(_ name: Name) throws {
        let models = try self.models()
        guard !models.contains(name) else { return }
        throw ControlPlaneError(
            .notFound,
            "no model \"\(name)\"",
            why: models.isEmpty ? "nothing has been published yet" : nil,
            next: Advice(models.isEmpty ? .publish(model: name) : .modelList),
            near: NearNames.nearest(to: name.text, in: models.map(\.text))
        )
    }

    func requireRelease(_ id: ReleaseID) throws -> ReleaseRecord {
        if let release = try self.release(id) { return release }
        try requireModel(id.model)
        throw ControlPlaneError(.notFound, "no release \(id)", next: "\(.releaseList(id.model))")
    }

    func requirePrompt(_ id: VersionID) throws -> PromptRecord {
        if let prompt = try self.prompt(id) { return prompt }
        let names = try self.prompts()
        guard names.contains(id.name) else {
            throw ControlPlaneError(
                .notFound,
                "no prompt \"\(id.name)\"",
                next: Advice(names.isEmpty ? .promptPush : .promptList),
                near: NearNames.nearest(to: id.name.text, in: names.map(\.text))
            )
        }
        throw ControlPlaneError(.notFound, "no prompt version \(id)", next: "\(.promptShow(id.name))")
    }

    func requireTraffic(_ name: Name) throws -> TrafficRecord {
        if let traffic = try self.traffic(name) { return traffic }
        let names = try self.trafficSets().map(\.name.text)
        throw ControlPlaneError(
            .notFound,
            "no traffic set \"\(name)\"",
            next: Advice(names.isEmpty ? .trafficImport(name: name) : .trafficList),
            near: NearNames.nearest(to: name.text, in: names)
        )
    }

    func requireDocument(_ kind: DocumentKind, _ name: Name) throws -> DocumentRecord {
        if let document = try self.document(kind, name) { return document }
        let names = try self.documents(kind).map(\.name.text)
        let list: NextStep =
            switch kind {
            case .policy: .policyList
            case .slo: .sloList()
            case .canary: .apply()
            }
        throw ControlPlaneError(
            .notFound,
            "no \(kind.words) \"\(name)\"",
            next: Advice(names.isEmpty ? .apply() : list),
            near: NearNames.nearest(to: name.text, in: names)
        )
    }

    func requireCanary(_ id: CanaryID) throws -> CanaryRecord {
        try canary(id) ?? nothing("canary", id, list: .canaryList())
    }

    func requireDecision(_ id: DecisionID) throws -> Decision {
        try decision(id)?.decision ?? nothing("decision", id, list: .auditList(kind: "decision.recorded"))
    }

    func requireRollout(_ id: RolloutID) throws -> RolloutRecord {
        try rollout(id) ?? nothing("rollout", id, list: .rolloutList())
    }

    func requireIncident(_ id: IncidentID) throws -> IncidentRecord {
        try incident(id) ?? nothing("incident", id, list: .incidentList())
    }

    func requireDriftReport(_ id: DriftID) throws -> DriftRecord {
        try driftReport(id) ?? nothing("drift report", id, list: .driftList())
    }

    func requireKey(_ name: Name) throws -> KeyRecord {
        try key(name) ?? nothing("key", name, list: .keyList)
    }

    private func nothing<Record>(_ sort: String, _ name: some CustomStringConvertible, list: NextStep) throws -> Record
    {
        throw ControlPlaneError.notFound(sort, name.description, list: list)
    }

    // MARK: Lists as people read them: the newest on top

    /// The versions of a model, newest first.
    func newestVersions(of model: Name) throws -> [VersionRecord] { try versions(of: model).reversed() }

    /// The releases of a model, newest first.
    func newestReleases(of model: Name) throws -> [ReleaseRecord] { try releases(of: model).reversed() }

    /// The versions of a prompt, newest first.
    func newestPrompts(of prompt: Name) throws -> [PromptRecord] { try promptVersions(of: prompt).reversed() }

    /// The revisions of a document, newest first.
    func newestRevisions(_ kind: DocumentKind, _ name: Name) throws -> [DocumentRecord] {
        try revisions(kind, name).reversed()
    }

    /// The newest moves over all channels of a model, or of all models.
    func newestMoves(of model: Name?, limit: Int) throws -> [ChannelMove] {
        let channels = try model.map { try self.channels(of: $0) } ?? self.channels()
        let moves = try channels.flatMap { try self.moves($0.model, $0.channel, limit: limit) }
        return Array(moves.sorted { $0.seq > $1.seq }.prefix(limit))
    }
}
