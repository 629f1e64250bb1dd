import Catalog
import Foundation
public import RegistryRecords
public import RegistryTypes
public import WireFormat
import Wording

/// What the registry knows of models, versions and releases.
public struct Models: Sendable {
    let ledger: Ledger
    let cards: ModelCards
    let levels: ServiceLevelTracker
    let releases: LoadedReleases
    let headers: ModelHeaders

    /// A part of the models, by name.
    public func list(_ part: NamedPart = NamedPart()) async throws -> ListAnswer<ModelSummary> {
        try await ledger.read { state in
            let read = try state.models(NamePart(part)).map { try state.summary(of: $0) }
            let total = part.prefix.isEmpty ? try state.count(.models) : nil
            return ListAnswer(read: read, limit: part.limit, total: total) { $0.name.text }
        }
    }

    /// All about a model, with a part of its versions and releases: those before a number, newest first.
    public func show(
        _ name: Name,
        versionsBefore: Int? = nil,
        releasesBefore: Int? = nil,
        limit: ListLimit = .usual
    ) async throws -> ModelView {
        let loaded = await self.releases.loadedWeights()
        return try await ledger.read { state in
            try state.requireModel(name)
            let versions = try state.newestVersions(of: name, before: versionsBefore, limit: limit.count)
            let releases = try state.newestReleases(of: name, before: releasesBefore, limit: limit.count)
            let others = Set(releases.map(\.version)).subtracting(versions.map(\.id)).sorted { $0.number > $1.number }
            return ModelView(
                name: name,
                channels: try state.channels(of: name).productionFirst.compactMap { channel in
                    guard let release = try state.release(ReleaseID(name, channel.release)) else { return nil }
                    let weights = try state.version(release.version)?.manifest.weights
                    let isLoaded = weights.map { loaded.contains($0.digest) } ?? false
                    return ChannelView(record: channel, release: release, loaded: isLoaded)
                },
                versions: versions,
                releases: releases,
                versionCount: try state.nextVersionNumber(of: name) - 1,
                releaseCount: try state.nextReleaseNumber(of: name) - 1,
                otherVersions: try others.compactMap { try state.version($0) },
                canaries: try state.canaries(model: name, limit: 20),
                evaluations: try state.evaluations(model: name, limit: min(50, limit.count)),
                moves: try state.newestMoves(of: name, limit: min(20, limit.count)),
                displayName: try state.displayName(of: name)
            )
        }
    }

    /// A part of the versions of a model: those before a number, newest first.
    public func versions(_ model: Name, before: Int? = nil, limit: ListLimit = .usual) async throws
        -> ListAnswer<VersionRecord>
    {
        try await ledger.read { state in
            try state.requireModel(model)
            let read = try state.newestVersions(of: model, before: before, limit: limit.count + 1)
            let total = try state.nextVersionNumber(of: model) - 1
            return ListAnswer(read: read, limit: limit, total: total) { String($0.id.number) }
        }
    }

    /// All about a version, with what the policy of production says of it now.
    public func version(_ id: VersionID) async throws -> VersionView {
        let now = ledger.now()
        let budgets = levels.budgets(of: id.name, .production, now: now)
        let view = try await ledger.read { state in
            let version = try state.requireVersion(id)
            let releases = try state.newestReleases(of: id.name, version: id.number, limit: 50)
            let numbers = Set(releases.map(\.id.number))
            let choice = ReleaseChoice(reference: Reference(model: id.name, selector: .version(id.number)))
            // No decision rather than an error page: a version without a prompt to go with is not a fault.
            let plan = try? PromotionPlan(
                choice,
                to: .production,
                override: nil,
                budgets: budgets,
                now: now,
                in: state
            )
            return VersionView(
                version: version,
                cardText: nil,
                previous: try state.version(before: id),
                releases: releases,
                channels: try state.channels(of: id.name).filter {
                    try state.release(ReleaseID(id.name, $0.release))?.version == id
                },
                canaries: try state.canaries(model: id.name, limit: 50)
                    .filter { numbers.contains($0.candidate.number) },
                evaluations: try state.evaluations(model: id.name, limit: 50)
                    .filter { numbers.contains($0.release.number) },
                decision: plan?.decision,
                displayName: try state.displayName(of: id.name)
            )
        }
        // A page without these facts rather than none, and with a word about it.
        var text: String?, notes: [String] = []
        if let card = view.version.manifest.card {
            do { text = try cards.card(card).text } catch { notes.append("\(error)") }
        }
        var inspection: InspectedModel?
        // The bytes may be gone. What is quarantined is not touched again.
        if view.version.quarantined == nil, let file = view.version.manifest.weights {
            inspection = try? await headers.inspect(file)
        }
        return VersionView(
            version: view.version,
            cardText: text,
            previous: view.previous,
            releases: view.releases,
            channels: view.channels,
            canaries: view.canaries,
            evaluations: view.evaluations,
            decision: view.decision,
            displayName: view.displayName,
            inspection: inspection,
            notes: notes.isEmpty ? nil : notes
        )
    }

    /// What the model file of a version says of itself.
    ///
    /// - Throws: ``ControlPlaneError``: `notFound` for a version without one, `badData` for one that cannot be read.
    public func inspection(_ id: VersionID) async throws -> InspectedModel {
        try await headers.inspect(weights(of: id))
    }

    /// A text in the tokens of a version.
    ///
    /// - Throws: ``ControlPlaneError``: as ``inspection(_:)``; `badRequest` for a text that is too long.
    public func tokens(_ id: VersionID, _ request: TokenizeRequest, by caller: Caller) async throws -> TokenizedText {
        try caller.require(.readTexts)
        try Readings.check(request.text)
        return try await headers.tokenize(weights(of: id), request)
    }

    private func weights(of id: VersionID) async throws -> WeightFiles {
        let version = try await ledger.read { try $0.requireVersion(id) }
        guard let file = version.manifest.weights else {
            throw ControlPlaneError(.notFound, "\(id) has no model file", next: "\(.versionShow(id))")
        }
        if let reason = version.quarantined {
            throw ControlPlaneError(.badData, "\(id) is not read any more", why: reason, next: "\(.versionShow(id))")
        }
        return file
    }

    /// All about a release.
    public func release(_ id: ReleaseID) async throws -> ReleaseView {
        try await ledger.read { state in
            let release = try state.requireRelease(id)
            return ReleaseView(
                release: release,
                version: try state.requireVersion(release.version),
                prompt: try state.requirePrompt(release.content.prompt),
                moves: try state.moves(of: id, limit: 100),
                decisions: try state.decisions(about: id, limit: 50).map { DecisionSummary($0) },
                canaries: try state.canaries(with: id, limit: 50),
                evaluations: try state.evaluations(of: id, limit: 100),
                liveIn: try state.channels(of: id.model).productionFirst.filter { $0.release == id.number }
                    .map(\.channel),
                canaryDocument: try PromotionEvidence.document(for: release, in: state)
            )
        }
    }

    /// Everything that differs between two versions or releases.
    public func difference(_ left: Reference, _ right: Reference) async throws -> Difference {
        try await ledger.read { state in
            let left = try ComparedThing(left, in: state)
            let right = try ComparedThing(right, in: state)
            return left.difference(to: right)
        }
    }

    /// A part of the releases of a model: those before a number, newest first.
    public func releases(_ model: Name, before: Int? = nil, limit: ListLimit = .usual) async throws
        -> ListAnswer<ReleaseRecord>
    {
        try await ledger.read { state in
            try state.requireModel(model)
            let read = try state.newestReleases(of: model, before: before, limit: limit.count + 1)
            let total = try state.nextReleaseNumber(of: model) - 1
            return ListAnswer(read: read, limit: limit, total: total) { String($0.id.number) }
        }
    }
}

extension NamePart {
    /// The part that was asked for, and one more to know whether there is more.
    init(_ part: NamedPart) { self.init(after: part.after, prefix: part.prefix, limit: part.limit.count + 1) }
}

extension [ChannelRecord] {
    /// Production first, the others by name.
    var productionFirst: [ChannelRecord] {
        filter { $0.channel == .production } + filter { $0.channel != .production }
    }
}

extension CatalogState {
    /// The newest canaries that have a release under test, or compare with it.
    fileprivate func canaries(with release: ReleaseID, limit: Int) throws -> [CanaryRecord] {
        let found = try canaries(candidate: release, limit: limit) + canaries(baseline: release, limit: limit)
        var seen: Set<CanaryID> = []
        return Array(found.filter { seen.insert($0.id).inserted }.sorted { $0.id > $1.id }.prefix(limit))
    }

    /// A model in a line.
    func summary(of model: Name) throws -> ModelSummary {
        let latest = try newestVersions(of: model, limit: 1).first
        let channels = try channels(of: model).productionFirst
        return ModelSummary(
            name: model,
            latest: latest,
            // Numbers have no gaps.
            versions: latest?.id.number ?? 0,
            channels: channels,
            lastCanary: try canaries(model: model, limit: 1).first,
            displayName: try displayName(of: model),
            liveCanaries: try Set(channels.map(\.release)).sorted().compactMap {
                try canaries(candidate: ReleaseID(model, $0), limit: 1).first
            }
        )
    }
}
