import Catalog
import RegistryRecords
import RegistryTypes

/// What a channel's requests need, as the log says: the release it points to, and during a probation the one before.
struct ServingPlan: Sendable {
    /// A release and what has to be loaded for it.
    struct Target: Sendable {
        /// The release.
        let id: ReleaseID
        /// What has to be loaded.
        let plan: ReleasePlan

        /// Reads what belongs to a release.
        ///
        /// - Throws: ``ControlPlaneError`` when it is not there or may not be loaded.
        init(_ id: ReleaseID, in state: CatalogState) throws {
            self.id = id
            plan = try ReleasePlan(ControlPlane.requireRelease(id, in: state).content, of: id.model, in: state)
        }
    }

    /// Who stays on the release before.
    struct Holdback: Sendable {
        let target: Target
        /// The share of the units.
        let share: Double
        /// What the draw depends on besides the unit.
        let salt: String
    }

    /// The model.
    let model: Name
    /// The channel.
    let channel: Name
    /// When the model was first published.
    let created: Timestamp
    /// What the channel points to; nil when it may not be loaded.
    let live: Target?
    /// What the channel points to, whether it may be loaded or not.
    let content: ReleaseContent?
    /// The number of that release.
    let release: ReleaseID
    /// Who stays behind; nil outside of a probation.
    let holdback: Holdback?

    /// Reads a channel.
    init(_ record: ChannelRecord, in state: CatalogState) throws {
        model = record.model
        channel = record.channel
        created = try state.version(VersionID(record.model, 1))?.publishedAt ?? record.move.at
        release = ReleaseID(record.model, record.release)
        content = try state.release(release)?.content
        live = try? Target(ReleaseID(record.model, record.release), in: state)
        guard let rollout = try state.activeRollout(record.model, record.channel), rollout.holdback > 0,
            let from = rollout.from, from != record.release,
            let target = try? Target(ReleaseID(record.model, from), in: state)
        else {
            holdback = nil
            return
        }
        holdback = Holdback(target: target, share: rollout.holdback, salt: rollout.id.description)
    }
}
