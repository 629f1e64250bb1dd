import Artifacts
import Catalog
import Gateway
import RegistryRecords
public import RegistryTypes
import ServiceLevels
import UserDocuments
public import WireFormat
import Wording

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

    /// What was live at a moment, as the log says.
    ///
    /// - Throws: ``ControlPlaneError``: `badRequest` for a moment to come, `notFound` for one before the log.
    public func status(at moment: Timestamp, model: Name?) async throws -> PastStatusView {
        let now = ledger.now()
        return try await ledger.read { state in
            try state.requireKnown(model)
            guard moment <= now else {
                throw ControlPlaneError(
                    .badRequest,
                    "\(TimeText.second(moment)) is to come",
                    why: "the server's clock says \(TimeText.second(now))",
                    next: "\(.status(model))"
                )
            }
            guard let event = try state.newestEvent(at: moment) else {
                throw ControlPlaneError(
                    .notFound,
                    "nothing is known of \(TimeText.second(moment))",
                    why: try state.beginning().map { "the log begins at \(TimeText.second($0))" } ?? "the log is empty",
                    next: "\(.status(model))"
                )
            }
            return PastStatusView(
                at: moment,
                event: event,
                misdated: try state.misdatedEvent(before: event, after: moment),
                channels: try state.moves(asOf: event).filter { model == nil || $0.model == model }.map { move in
                    PastStatusView.Channel(
                        move: move,
                        content: try state.requireRelease(ReleaseID(move.model, move.to)).content,
                        hold: try state.hold(move.model, move.channel, asOf: event)?.reason
                    )
                }
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
        // After a restart what is on disk of the levels says when the newest request came.
        let newest = reading.newest ?? statuses.compactMap(\.dataUntil).max()
        let (state, words) = ChannelHealth(
            isLoadable: served.quarantined == nil,
            statuses: statuses,
            rollout: rollout.map { RolloutRow($0, watch: watches.watch($0.id)).words },
            isJustLeft: channel.move.from != nil && now.seconds(since: channel.move.at) < Self.alertTailSeconds,
            quietSeconds: newest.map { max(0, now.seconds(since: $0)) }
        ).answer
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
            // Silence has no pace.
            burnFast: statuses.filter { $0.alertKind != .missingTraffic }.compactMap {
                $0.alerts.map(\.long).min { $0.seconds < $1.seconds }?.rate
            }.max(),
            rollout: rollout.map { RolloutRow($0, watch: watches.watch($0.id)) },
            hold: served.hold.map { HoldRow($0) },
            dataUntil: newest,
            rollbackTo: channel.rollbackTarget
        )
    }
}
