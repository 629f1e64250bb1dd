import Catalog
import PolicyRules
import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// From what a person wrote to what is stored. What has no such name is an error in the catalog's words, with near
/// names, and with what lists those that there are.
extension CatalogState {
    /// - Throws: ``ControlPlaneError`` of kind `notFound`, with the model when that is what is missing.
    func requireVersion(_ id: VersionID) throws -> VersionRecord {
        if let version = try self.version(id) { return version }
        try requireModel(id.name)
        let newest = try newestVersions(of: id.name, limit: 1).first?.id.number
        throw try nothing(
            .version(id),
            why: newest.map { "\(id.name) has versions 1 to \($0)" },
            next: .modelVersions(id.name)
        )
    }

    /// A channel that a policy is for, or that exists: a typing error must not be decided about, and stored.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `notFound`, with the nearest channels.
    func requireChannel(_ channel: Name, of model: Name) throws {
        let policies = try documents(.policy).map { try PolicyRevision($0).document.scope.channel }
        let known = Set(policies + (try channels().map(\.channel)))
        guard !known.contains(channel) else { return }
        let names = known.map(\.text).sorted()
        let near = NearNames.nearest(to: channel.text, in: names)
        // A name that is like no other is a new channel, about which the policy decides.
        guard !near.isEmpty else { return }
        throw ControlPlaneError(
            .notFound,
            "there is no channel \"\(channel)\"",
            why: "no policy is for it, and nothing was ever promoted to it; there are \(names.joined(separator: ", "))",
            next: near.first.flatMap { try? Name($0) }.map { "\(.promote(.someVersion(of: model), to: $0))" }
                ?? "\(.policyList)",
            near: near
        )
    }

    func requireModel(_ name: Name) throws {
        guard try !hasModel(name) else { return }
        let isEmpty = try count(.models) == 0
        throw try nothing(
            .model(name),
            why: isEmpty ? "nothing has been published yet" : nil,
            next: isEmpty ? .publish(model: name) : .modelList
        )
    }

    func requireRelease(_ id: ReleaseID) throws -> ReleaseRecord {
        if let release = try self.release(id) { return release }
        try requireModel(id.model)
        throw try nothing(.release(id), next: .releaseList(id.model))
    }

    func requirePrompt(_ id: VersionID) throws -> PromptRecord {
        if let prompt = try self.prompt(id) { return prompt }
        guard try latestPrompt(id.name) != nil else {
            throw try nothing(.prompt(id.name), next: count(.prompts) == 0 ? .promptPush : .promptList)
        }
        throw try nothing(.promptVersion(id), next: .promptShow(id.name))
    }

    func requireTraffic(_ name: Name) throws -> TrafficRecord {
        if let traffic = try self.traffic(name) { return traffic }
        throw try nothing(.traffic(name), next: count(.trafficSets) == 0 ? .trafficImport(name: name) : .trafficList)
    }

    /// The one policy that decides about a model in a channel; nil when none matches.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `conflict` when two match equally well.
    func policy(of model: Name, in channel: Name) throws -> PolicyRevision? {
        let revisions = try documents(.policy).map { try PolicyRevision($0) }
        do {
            return try PolicySelection.select(from: revisions, model: model, channel: channel)
        } catch {
            throw ControlPlaneError(.conflict, "\(error)", next: "\(.policyList)")
        }
    }

    func requireDocument(_ kind: DocumentKind, _ name: Name) throws -> DocumentRecord {
        if let document = try self.document(kind, name) { return document }
        let list: NextStep =
            switch kind {
            case .policy: .policyList
            case .slo: .sloList()
            case .canary: .apply()
            }
        throw try nothing(.document(kind, name), next: documents(kind).isEmpty ? .apply() : list)
    }

    func requireCanary(_ id: CanaryID) throws -> CanaryRecord {
        if let canary = try self.canary(id) { return canary }
        throw try nothing(.canary(id), next: .canaryList())
    }

    func requireDecision(_ id: DecisionID) throws -> Decision {
        if let decision = try self.decision(id)?.decision { return decision }
        throw try nothing(.decision(id), next: .auditList(kind: "decision.recorded"))
    }

    func requireRollout(_ id: RolloutID) throws -> RolloutRecord {
        if let rollout = try self.rollout(id) { return rollout }
        throw try nothing(.rollout(id), next: .rolloutList())
    }

    func requireIncident(_ id: IncidentID) throws -> IncidentRecord {
        if let incident = try self.incident(id) { return incident }
        throw try nothing(.incident(id), next: .incidentList())
    }

    func requireDriftReport(_ id: DriftID) throws -> DriftRecord {
        if let report = try self.driftReport(id) { return report }
        throw try nothing(.drift(id), next: .driftList())
    }

    func requireKey(_ name: Name) throws -> KeyRecord {
        if let key = try self.key(name) { return key }
        throw try nothing(.key(name), next: .keyList)
    }

    private func nothing(_ sought: Sought, why: String? = nil, next: NextStep) throws -> ControlPlaneError {
        let error = ControlPlaneError(try missing(sought))
        return ControlPlaneError(error.kind, error.title, why: why, next: Advice(next), near: error.near)
    }

    // MARK: Lists as people read them: the newest on top

    /// The newest version of a model that can be loaded; nil when none can. Most often it is the newest of all.
    func newestLoadable(of model: Name) throws -> VersionRecord? {
        var before: Int?
        while true {
            let part = try newestVersions(of: model, before: before, limit: 10)
            if let found = part.first(where: \.isLoadable) { return found }
            guard let last = part.last else { return nil }
            before = last.id.number
        }
    }

    /// The revisions of a document, newest first.
    func newestRevisions(_ kind: DocumentKind, _ name: Name) throws -> [DocumentRecord] {
        try revisions(kind, name).reversed()
    }
}

extension DocumentRecord {
    /// The canary document this record holds.
    ///
    /// - Throws: ``ControlPlaneError`` when the stored text no longer reads as one canary of that name.
    func canary() throws -> CanaryDocument {
        for document in try Document.parse(self.source, file: self.name.text) {
            if case .canary(let canary) = document, canary.name == self.name { return canary }
        }
        throw ControlPlaneError(.internalFault, "the stored canary document \"\(self.name)\" cannot be read")
    }

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

extension PolicyRevision {
    /// The policy a stored document holds.
    ///
    /// - Throws: ``ControlPlaneError`` when the stored text no longer reads as one policy of that name.
    init(_ record: DocumentRecord) throws {
        for document in try Document.parse(record.source, file: record.name.text) {
            if case .policy(let policy) = document, policy.name == record.name {
                self.init(document: policy, revision: record.revision, digest: record.digest)
                return
            }
        }
        throw ControlPlaneError(.internalFault, "the stored policy \"\(record.name)\" cannot be read")
    }
}
