import Catalog
import Foundation
public import RegistryRecords
public import RegistryTypes
public import WireFormat

/// What the registry knows of models, versions and releases.
extension ControlPlane {
    /// All models, by name.
    public func models() async throws -> [ModelSummary] {
        try await read { state in
            try state.models().map { try Self.summary(of: $0, in: state) }
        }
    }

    /// All about a model.
    public func model(_ name: Name) async throws -> ModelView {
        let (view, releases) = try await read { state in
            try Self.requireModel(name, in: state)
            let releases = try state.newestReleases(of: name)
            let channels = try Self.productionFirst(state.channels(of: name))
            return (
                ModelView(
                    name: name,
                    channels: [],
                    versions: try state.newestVersions(of: name),
                    releases: releases,
                    canaries: try state.canaries(model: name, limit: 20),
                    evaluations: try state.evaluations(model: name, limit: 50),
                    moves: try Self.moves(of: name, limit: 20, in: state)
                ),
                channels.compactMap { channel in
                    releases.first { $0.id.number == channel.release }.map { (channel, $0) }
                }
            )
        }
        let loaded = await self.releases.loadedWeights()
        let channels = releases.map { record, release in
            let weights = view.versions.first { $0.id == release.version }?.manifest.weights
            return ChannelView(
                record: record,
                release: release,
                loaded: weights.map { loaded.contains($0.digest) } ?? false
            )
        }
        return ModelView(
            name: view.name,
            channels: channels,
            versions: view.versions,
            releases: view.releases,
            canaries: view.canaries,
            evaluations: view.evaluations,
            moves: view.moves
        )
    }

    /// The versions of a model, newest first.
    public func versions(_ model: Name) async throws -> [VersionRecord] {
        try await read { state in
            try Self.requireModel(model, in: state)
            return try state.newestVersions(of: model)
        }
    }

    /// All about a version, with what the policy of production says of it now.
    public func version(_ id: VersionID) async throws -> VersionView {
        let now = configuration.now()
        let budgets = budgets(of: id.name, .production, now: now)
        let view = try await read { state in
            let version = try Self.requireVersion(id, in: state)
            let releases = try state.newestReleases(of: id.name).filter { $0.version == id }
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
                previous: try state.newestVersions(of: id.name).first { $0.id.number < id.number },
                releases: releases,
                channels: try state.channels(of: id.name).filter { numbers.contains($0.release) },
                canaries: try state.canaries(model: id.name, limit: 50)
                    .filter { numbers.contains($0.candidate.number) },
                evaluations: try state.evaluations(model: id.name, limit: 50)
                    .filter { numbers.contains($0.release.number) },
                decision: plan?.decision
            )
        }
        let text = try view.version.manifest.card.map { try card($0).text }
        return VersionView(
            version: view.version,
            cardText: text,
            previous: view.previous,
            releases: view.releases,
            channels: view.channels,
            canaries: view.canaries,
            evaluations: view.evaluations,
            decision: view.decision
        )
    }

    /// All about a release.
    public func release(_ id: ReleaseID) async throws -> ReleaseView {
        try await read { state in
            let release = try Self.requireRelease(id, in: state)
            return ReleaseView(
                release: release,
                version: try Self.requireVersion(release.version, in: state),
                prompt: try Self.requirePrompt(release.content.prompt, in: state),
                moves: try Self.moves(of: id.model, limit: 500, in: state).filter {
                    $0.to == id.number || $0.from == id.number
                },
                decisions: try state.decisions(about: id, limit: 50).map { DecisionSummary($0) },
                canaries: try state.canaries(model: id.model, limit: 500)
                    .filter { $0.candidate == id || $0.baseline == id },
                evaluations: try state.evaluations(of: id, limit: 100)
            )
        }
    }

    /// What is live, what runs, what moved last.
    public func status() async throws -> StatusView {
        let now = configuration.now()
        let boards = canaryBoard.all()
        let health = try await healthRows(now: now)
        return try await read { [build = configuration.build] state in
            let channels = try state.channels()
            let models = try state.models()
            return StatusView(
                models: try models.map { try Self.summary(of: $0, in: state) },
                releases: try channels.compactMap { try state.release(ReleaseID($0.model, $0.release)) },
                running: try state.canaries(state: .running, limit: 1000).map { record in
                    CanaryView(record: record, progress: boards[record.id] ?? Self.waiting(record))
                },
                moves: try Self.moves(of: nil, limit: 10, in: state),
                quarantined: try models.flatMap { try state.newestVersions(of: $0).filter { $0.quarantined != nil } },
                health: health,
                incidents: try state.incidents(isOpen: true, limit: 100).map { IncidentRow($0) },
                head: try state.head().seq,
                at: now,
                build: build
            )
        }
    }

    /// Everything that differs between two versions or releases.
    public func difference(_ left: Reference, _ right: Reference) async throws -> Difference {
        try await read { state in
            let left = try ComparedThing(left, in: state)
            let right = try ComparedThing(right, in: state)
            return left.difference(to: right)
        }
    }

    static func productionFirst(_ channels: [ChannelRecord]) -> [ChannelRecord] {
        channels.filter { $0.channel == .production } + channels.filter { $0.channel != .production }
    }

    /// The newest moves over all channels of a model, or of all models.
    static func moves(of model: Name?, limit: Int, in state: CatalogState) throws -> [ChannelMove] {
        let channels = try model.map { try state.channels(of: $0) } ?? state.channels()
        let moves = try channels.flatMap { try state.moves($0.model, $0.channel, limit: limit) }
        return Array(moves.sorted { $0.seq > $1.seq }.prefix(limit))
    }

    private static func summary(of model: Name, in state: CatalogState) throws -> ModelSummary {
        let versions = try state.newestVersions(of: model)
        return ModelSummary(
            name: model,
            latest: versions.first,
            versions: versions.count,
            channels: productionFirst(try state.channels(of: model)),
            lastCanary: try state.canaries(model: model, limit: 1).first
        )
    }
}
