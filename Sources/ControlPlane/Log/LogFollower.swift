import Catalog
import Logging
import RegistryRecords
import RegistryTypes
import UserDocuments

/// Makes memory follow the log: after a change of what is served, one read makes one ``ServingState``, and everything
/// that depends on it is told in order.
///
/// An actor, because changes come from many callers and what follows them is shared: they wait for one another instead
/// of overtaking.
actor LogFollower {
    private let catalog: Catalog
    private let published: PublishedState
    private let watches: RolloutWatches
    private let serving: Serving
    private let referenceModels: ReferenceModels
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    /// The entry up to which everything follows.
    private var head = 0
    /// The read that is under way. It belongs to this follower: a caller that goes away does not cancel it.
    private var running: Task<Bool, Never>?

    init(
        _ catalog: Catalog,
        published: PublishedState,
        watches: RolloutWatches,
        serving: Serving,
        referenceModels: ReferenceModels,
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.catalog = catalog
        self.published = published
        self.watches = watches
        self.serving = serving
        self.referenceModels = referenceModels
        self.logger = logger
        self.now = now
    }

    /// Follows the log up to an entry that is on disk, which stands whatever happens here.
    func follow(to seq: Int) async {
        repeat {
            let task = running ?? Task { await self.read() }
            running = task
            if await !task.value { return }
            // A read that began before the change does not hold it: another one follows.
        } while head < seq
    }

    /// Follows the log to its end: after an earlier try failed, or to try again what could not be loaded.
    func catchUp() async { await follow(to: head) }

    /// Reads what is served without loading anything: before the server answers its first request.
    ///
    /// - Throws: `CatalogError`, ``ControlPlaneError``.
    func readFirst() async throws { published.publish(try await catalog.read(.first) { try ServingState(in: $0) }) }

    /// Begins the watches over rollouts that go on, without loading anything.
    func watchFirst() async {
        do {
            let state = try await catalog.read(.first) { try ServingState(in: $0) }
            await watches.follow(state, now: now())
        } catch {
            logger.error("rollouts cannot be read", metadata: ["error": "\(error)"])
        }
    }

    /// Loads what channels point to and what rollbacks would go to. What cannot be loaded is logged. Weights that ended more
    /// than one process come last, when everything else answers.
    func load() async {
        let plans = published.current?.kept ?? []
        func isLast(_ plan: ReleasePlan) -> Bool {
            LoadCrashRule.isLoadedLast(crashes: serving.releases.crashes(of: plan.weights.digest))
        }
        let last = plans.filter(isLast)
        await serving.releases.holdSuspects(!last.isEmpty)
        for plan in plans where !isLast(plan) { await serving.load(plan) }
        await catchUp()
        guard !last.isEmpty else { return }
        await serving.releases.holdSuspects(false)
        for plan in last { await serving.load(plan) }
        await catchUp()
    }

    private func read() async -> Bool {
        defer { running = nil }
        let state: ServingState
        do {
            state = try await catalog.read(.first) { try ServingState(in: $0) }
        } catch {
            logger.error("what is served cannot be read after a change", metadata: ["error": "\(error)"])
            // Every question is answered from the log until it can be read again.
            published.forget()
            return false
        }
        published.publish(state)
        await watches.follow(state, now: now())
        await serving.follow(state)
        await referenceModels.follow(state)
        head = state.head
        return true
    }
}
