import Artifacts
import Catalog
import Gateway
import RegistryRecords
import RegistryTypes
import ServiceLevels
import UserDocuments
public import WireFormat

/// What a person looks at first: how the channels do, what is open, what runs, what moved.
public struct Overview: Sendable {
    let ledger: Ledger
    let published: PublishedState
    let levels: ServiceLevelTracker
    let health: HealthMeter
    let watches: WatchTracker
    let progress: ProgressTracker
    let releases: LoadedReleases
    let requests: CapturedRequests
    let gateway: Gateway
    let reserve: Reserve
    let build: String

    /// For how long after a move alerts are those of the release before: the short window of the fastest alert.
    private static let alertTailSeconds = 300.0

    /// What a person on call needs first.
    public func onCall() async throws -> OnCallView {
        let now = ledger.now()
        let served = try await published.state(ledger)
        let (moves, incidents) = try await ledger.read { state in
            (
                try state.newestMoves(of: nil, limit: 10),
                try state.incidents(isOpen: true, limit: 100).map { IncidentRow($0) }
            )
        }
        let load = await releases.load()
        return OnCallView(
            channels: healthRows(served, now: now),
            incidents: incidents,
            moves: moves,
            queue: load.queued,
            active: load.active,
            capture: try await requests.capture(),
            isDraining: gateway.readiness == .draining,
            reserveBytes: reserve.bytes,
            at: now
        )
    }

    /// What is live, what runs, what moved last.
    public func status() async throws -> StatusView {
        let now = ledger.now()
        let running = progress.all()
        let health = healthRows(try await published.state(ledger), now: now)
        return try await ledger.read { state in
            let channels = try state.channels()
            let models = try state.models()
            return StatusView(
                models: try models.map { try state.summary(of: $0) },
                releases: try channels.compactMap { try state.release(ReleaseID($0.model, $0.release)) },
                running: try state.canaries(state: .running, limit: 1000).map { record in
                    CanaryView(
                        record: record,
                        progress: running[.canary(record.id)] ?? WorkProgress(waiting: record.requests)
                    )
                },
                runningEvaluations: try state.openEvaluationJobs(state: .running, limit: 1000).reversed().map { job in
                    EvaluationSummary(
                        job,
                        progress: running[.evaluation(job.id)] ?? WorkProgress(waiting: job.cases)
                    )
                },
                moves: try state.newestMoves(of: nil, limit: 10),
                quarantined: try models.flatMap { try state.newestVersions(of: $0).filter { $0.quarantined != nil } },
                health: health,
                incidents: try state.incidents(isOpen: true, limit: 100).map { IncidentRow($0) },
                head: try state.head().seq,
                at: now,
                build: build
            )
        }
    }

    /// How every channel does.
    private func healthRows(_ state: ServingState, now: Timestamp) -> [HealthRow] {
        state.channels.map { row($0, now: now) }
    }

    private func row(_ served: ServedChannel, now: Timestamp) -> HealthRow {
        let channel = served.record, rollout = served.rollout
        let reading = health.reading(channel.model, channel.channel, now: now)
        let inForce = Set(levels.documents.filter { $0.scope.channel == channel.channel }.map(\.name))
        let statuses = levels.statuses(model: channel.model, now: now).filter { inForce.contains($0.slo) }
        let severity = statuses.compactMap(\.severity).contains(.page) ? "page" : nil
        let hasTicket = statuses.contains { $0.severity != nil }
        let isOverspent = statuses.contains { ($0.budgetLeft ?? 1) <= 0 }
        let state: HealthRow.State
        let words: String
        if served.quarantined != nil {
            (state, words) = (.failing, "cannot be loaded")
        } else if severity != nil {
            // What the release before did stays in the windows of the alerts for a while.
            let isLeft = channel.move.from != nil && now.seconds(since: channel.move.at) < Self.alertTailSeconds
            (state, words) =
                isLeft ? (.burning, "an alert stands from before the move") : (.failing, "an alert pages")
        } else if let rollout {
            (state, words) = (.watching, RolloutRow(rollout, watch: watches.watch(rollout.id)).words)
        } else if hasTicket || isOverspent {
            (state, words) = (.burning, isOverspent ? "an error budget is spent" : "an alert stands")
        } else if statuses.contains(where: { $0.state == .met }) {
            (state, words) = (.healthy, "healthy")
        } else {
            (state, words) = (.unknown, reading.newest == nil ? "no traffic" : "too little traffic to say")
        }
        let budget = statuses.compactMap { status in status.budgetLeft.map { (left: $0, slo: status.slo) } }
            .min { $0.left < $1.left }
        return HealthRow(
            model: channel.model,
            channel: channel.channel,
            release: channel.release,
            state: state,
            words: words,
            requestsPerSecond: reading.requestsPerSecond,
            errorShare: reading.errorShare,
            p50Seconds: reading.p50Seconds,
            p95Seconds: reading.p95Seconds,
            p95History: reading.p95History,
            requestHistory: reading.requestHistory,
            budgetLeft: budget?.left,
            budgetSLO: budget?.slo,
            burnFast: statuses.compactMap { $0.alerts.map(\.long).min { $0.seconds < $1.seconds }?.rate }.max(),
            rollout: rollout.map { RolloutRow($0, watch: watches.watch($0.id)) },
            hold: served.hold.map { HoldRow($0) },
            dataUntil: reading.newest
        )
    }
}
