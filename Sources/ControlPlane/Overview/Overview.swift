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
    let rollups: Rollups
    let health: HealthMeter
    let settling: SettlingTracker
    let watches: WatchTracker
    let progress: ProgressTracker
    let releases: LoadedReleases
    let requests: CapturedRequests
    let gateway: Gateway
    let reserve: Reserve
    let notices: StoreNotices
    let build: String

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
            channels: try await healthRows(served, now: now),
            incidents: incidents,
            moves: moves,
            queue: load.queued,
            active: load.active,
            capture: try await requests.capture(),
            isDraining: gateway.readiness == .draining,
            reserveBytes: reserve.bytes,
            at: now,
            notices: requests.notices(notices)
        )
    }

    /// What is live, what runs, what moved last.
    public func status() async throws -> StatusView {
        let now = ledger.now()
        let running = progress.all()
        let health = try await healthRows(try await published.state(ledger), now: now)
        let notices = requests.notices(notices)
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
                build: build,
                notices: notices
            )
        }
    }

    /// What was live at a moment, as the log says.
    ///
    /// - Throws: ``ControlPlaneError``: `badRequest` for a moment to come, `notFound` for one before the log.
    public func status(at moment: Timestamp, model: Name?) async throws -> PastStatusView {
        let now = ledger.now()
        return try await ledger.read { state in
            try model.map(state.requireModel)
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
    private func healthRows(_ state: ServingState, now: Timestamp) async throws -> [HealthRow] {
        let documents = Dictionary(levels.documents.map { ($0.name, $0) }) { first, _ in first }
        var rows: [HealthRow] = []
        for channel in state.channels { rows.append(try await row(channel, documents, now: now)) }
        return rows
    }

    private func row(
        _ served: ServedChannel,
        _ documents: [Name: SLODocument],
        now: Timestamp
    ) async throws -> HealthRow {
        let channel = served.record, rollout = served.rollout
        let reading = health.reading(channel.model, channel.channel, now: now)
        let course = settling.course(channel.model, channel.channel)
        let statuses = levels.statuses(model: channel.model, in: channel.channel, now: now)
        // After a restart what is on disk says when the newest request came. Labels come later than what they are about.
        let counted = statuses.filter { documents[$0.slo]?.indicator.isSampled == false }.compactMap(\.dataUntil).max()
        let latest = now.adding(seconds: Rollups.believedLeapSeconds)
        let newest = reading.newest ?? [course?.asked, counted].compactMap { $0 }.filter { $0 <= latest }.max()
        let paging = statuses.filter { status in status.alerts.contains { $0.isFiring && $0.severity == .page } }
        var isAtFault = channel.move.from == nil
        for status in paging where !isAtFault {
            guard let document = documents[status.slo] else { continue }
            isAtFault = try await burnsAlone(channel, document, now: now)
        }
        let (state, words) = ChannelHealth(
            isLoadable: served.quarantined == nil,
            statuses: statuses,
            rollout: rollout.map { RolloutRow($0, watch: watches.watch($0.id)).words },
            isAtFault: isAtFault,
            wasAsked: course?.wasAsked(since: channel.move.at, channelNewest: newest) ?? true,
            release: channel.release,
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
            // The bucket that is being filled ends later.
            dataUntil: newest.map { min($0, now) },
            rollbackTo: channel.rollbackTarget
        )
    }

    /// Whether what the live release answered since it came in makes an alert of `document` page by itself.
    private func burnsAlone(_ channel: ChannelRecord, _ document: SLODocument, now: Timestamp) async throws -> Bool {
        guard let definition = levels.definition(of: document.name) else { return false }
        let series = SLISeries(
            slo: document.name,
            definition: definition,
            model: channel.model,
            release: channel.release,
            arm: .live
        )
        let moved = SLIBucket.fineStart(channel.move.at.seconds)
        let stored = try await rollups.buckets(
            since: Timestamp(milliseconds: max(moved, now.seconds - Int64(document.windowSeconds)) * 1000),
            slo: document.name,
            now: now
        )
        let own = (stored[series] ?? []) + levels.unwritten(series)
        var level = ServiceLevel(
            document: document,
            model: channel.model,
            buckets: own.filter { $0.start >= moved },
            now: now.seconds
        )
        return level.status(now: now).alerts.contains { $0.isFiring && $0.severity == .page }
    }
}
