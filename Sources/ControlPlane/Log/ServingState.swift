import Catalog
import RegistryRecords
import RegistryTypes
import Synchronization
import UserDocuments
import WireFormat

/// What is served, as the log says at one entry: read once after each change of it, and never changed. Resolution, the
/// gateway, the watches, the weights that stay in memory and the service levels all follow this one value.
struct ServingState: Sendable {
    /// The entry of the log up to which it is true.
    let head: Int
    /// All channels, by model and name.
    let channels: [ServedChannel]
    /// The SLO documents in force, by name.
    let levels: [ServiceLevelRevision]
    private let places: [Name: [Name: Int]]
    /// The places of the channels that are watched, held, or point to what cannot be loaded.
    private let notable: [Int]

    /// The state of an empty log.
    static let empty = ServingState(head: 0, channels: [], levels: [])

    /// Reads the state.
    init(in state: CatalogState) throws {
        self.init(
            head: try state.head().seq,
            channels: try state.channels().map { try ServedChannel($0, in: state) },
            levels: try state.serviceLevels()
        )
    }

    private init(head: Int, channels: [ServedChannel], levels: [ServiceLevelRevision]) {
        self.head = head
        self.channels = channels
        self.levels = levels
        var places: [Name: [Name: Int]] = [:]
        for (place, channel) in channels.enumerated() {
            places[channel.record.model, default: [:]][channel.record.channel] = place
        }
        self.places = places
        notable = channels.indices.filter { index in
            let channel = channels[index]
            return channel.rollout != nil || channel.hold != nil || channel.quarantined != nil
        }
    }

    /// The channels of a model, by name.
    func channels(of model: Name) -> [ServedChannel] { (places[model] ?? [:]).values.sorted().map { channels[$0] } }

    /// The models with a channel that follow a name, by name, at most `limit` of them.
    func models(after name: Name?, limit: Int) -> [Name] {
        var low = 0, high = channels.count
        while let name, low < high {
            let middle = (low + high) / 2
            if channels[middle].record.model > name { high = middle } else { low = middle + 1 }
        }
        var found: [Name] = []
        for channel in channels[low...] where channel.record.model != found.last {
            guard found.count < limit else { break }
            found.append(channel.record.model)
        }
        return found
    }

    /// The channels that are watched, held, or point to what cannot be loaded.
    var notableChannels: [ServedChannel] { notable.map { channels[$0] } }

    /// A channel; nil when it points nowhere.
    func channel(_ model: Name, _ channel: Name) -> ServedChannel? { places[model]?[channel].map { channels[$0] } }

    /// The rollouts that are watched.
    var rollouts: [RolloutRecord] { channels.compactMap(\.rollout) }

    /// What must stay in memory: what channels point to, what rollbacks would go to, and what keeps a held-back share.
    var kept: [ReleasePlan] {
        channels.flatMap { [$0.live, $0.rollbackTo, $0.settled].compactMap { $0?.plan } }
    }
}

/// Where a channel points, with all that serving it takes.
struct ServedChannel: Sendable {
    /// The channel as the log has it.
    let record: ChannelRecord
    /// When the model was first published.
    let created: Timestamp
    /// The release it points to.
    let release: ReleaseRecord
    /// Why that release may not be loaded; nil when it may.
    let quarantined: String?
    /// Whether the engine here cannot run that release: it is served elsewhere, and nothing of it is loaded.
    let lacksEngine: Bool
    /// What the channel points to; nil when it may not be loaded.
    let live: ServingTarget?
    /// What a rollback would go to; nil when there is nothing, or it may not be loaded.
    let rollbackTo: ServingTarget?
    /// The rollout that is watched here.
    let rollout: RolloutRecord?
    /// The last settled release of that rollout.
    let settled: ServingTarget?
    /// The hold.
    let hold: HoldRecord?
    /// The reference that drift is measured against.
    let baseline: DriftBaselineRecord?
    /// What prompts are scored with: the reference model of ``baseline``, else the oldest release that settled here,
    /// which stays the same over promotions.
    let referenceModel: ReleasePlan?

    /// Reads a channel.
    init(_ record: ChannelRecord, in state: CatalogState) throws {
        let (model, channel) = (record.model, record.channel)
        func target(_ number: Int?) -> ServingTarget? {
            number.flatMap { try? ServingTarget(ReleaseID(model, $0), in: state) }
        }
        self.record = record
        created = try state.version(VersionID(model, 1))?.publishedAt ?? record.move.at
        release = try state.requireRelease(ReleaseID(model, record.release))
        let version = try state.version(release.version)
        quarantined = version?.quarantined
        lacksEngine = version?.lacksEngine ?? false
        live = target(record.release)
        rollbackTo = target(record.rollbackTo)
        rollout = try state.activeRollout(model, channel)
        settled = target(rollout?.from)
        hold = try state.hold(model, channel)
        baseline = try state.baseline(of: model, channel: channel)
        if let baseline {
            let releases = try baseline.referenceModel.map {
                try state.newestReleases(of: model, weights: $0, limit: 10)
            }
            referenceModel = releases?.lazy.compactMap { try? ReleasePlan($0.content, of: model, in: state) }.first
        } else {
            let first = try state.moves(model, channel, limit: 1000).last(where: \.settled)
            referenceModel = target(first?.to)?.plan
        }
    }

    /// Who stays on the last settled release, when a share of the units does.
    var heldBack: (target: ServingTarget, share: Double, salt: String)? {
        guard let rollout, rollout.holdback > 0, let settled, settled.id.number != record.release else { return nil }
        return (settled, rollout.holdback, rollout.id.description)
    }

    /// What a reference to the channel means.
    func resolution(of reference: Reference) -> ResolveAnswer {
        ResolveAnswer(reference: reference, release: release, channel: record.channel)
    }
}

/// A release and what has to be loaded for it.
struct ServingTarget: Sendable {
    /// The release.
    let id: ReleaseID
    /// What has to be loaded.
    let plan: ReleasePlan

    /// Reads what belongs to a release.
    ///
    /// - Throws: ``ControlPlaneError`` when it is not there or may not be loaded.
    init(_ id: ReleaseID, in state: CatalogState) throws {
        self.id = id
        plan = try ReleasePlan(state.requireRelease(id).content, of: id.model, in: state)
    }
}

/// The newest state that was read, for everybody who asks between two changes.
final class PublishedState: Sendable {
    private let state = Mutex<ServingState?>(nil)

    /// What is served; nil when it could not be read after the last change, so that it has to be read from the log.
    var current: ServingState? { state.withLock { $0 } }

    /// What is served, read from the log when it is not known.
    ///
    /// - Throws: ``ControlPlaneError``.
    func state(_ ledger: Ledger) async throws -> ServingState {
        if let current { return current }
        return try await ledger.read(.first) { try ServingState(in: $0) }
    }

    /// Publishes a state. Of two that cross, the later one holds.
    func publish(_ new: ServingState) { state.withLock { if new.head >= $0?.head ?? 0 { $0 = new } } }

    /// Says that what was published is no longer known to be true.
    func forget() { state.withLock { $0 = nil } }
}

extension ResolveAnswer {
    /// What a reference to a release means.
    init(reference: Reference, release: ReleaseRecord, channel: Name?) {
        self.init(
            reference: reference,
            release: release.id,
            version: release.version,
            prompt: release.content.prompt,
            digest: release.digest,
            channel: channel
        )
    }
}
