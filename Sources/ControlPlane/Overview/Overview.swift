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
    let unloaded: UnloadedReleases
    let requests: CapturedRequests
    let gateway: Gateway
    let reserve: Reserve
    let notices: StoreNotices
    let build: String

    /// Whether requests are answered: of every model in production, or of one, and which are not by the live release.
    ///
    /// - Parameter model: Nil for all; one that is not there is not ready.
    public func readiness(model: Name?) -> ReadinessView {
        let readiness = gateway.readiness
        let rows = unloaded.all.filter { model == nil || $0.model == model }
        guard readiness == .ready else {
            return ReadinessView(isReady: false, state: readiness.rawValue, unloaded: rows)
        }
        if let model, let served = published.current, served.channels(of: model).isEmpty {
            let reason = "\(model): no release of a model of this name is live in any channel"
            return ReadinessView(isReady: false, state: "not ready", unloaded: rows, reason: reason)
        }
        let isReady = rows.allSatisfy { $0.channel != .production || $0.answering != nil }
        return ReadinessView(isReady: isReady, state: isReady ? "ready" : "not ready", unloaded: rows)
    }

    /// Why nothing can be changed now, and what ends it; nil when it can.
    public var readOnly: String? { notices.readOnly?.sentence }

    /// What a person on call needs first.
    public func onCall() async throws -> OnCallView {
        let now = ledger.now()
        let served = try await published.state(ledger)
        let counted = ledger.openIncidents
        let (moves, incidents, open) = try await ledger.read { state in
            (
                try state.newestMoves(of: nil, limit: 10),
                try state.incidents(isOpen: true, limit: 100).map { IncidentRow($0) },
                try counted.of(state)
            )
        }
        let load = await releases.load()
        return OnCallView(
            channels: try await urgentRows(served, now: now),
            channelCount: served.channels.count,
            incidents: incidents,
            openIncidents: open,
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

    /// What is live, what runs, what moved last: of a part of the models by name, or of one of them.
    ///
    /// - Parameter onlyLive: Only of models with a channel, which is all that the page shows of them.
    /// - Throws: ``ControlPlaneError`` of kind `notFound` for a model that is not there.
    public func status(
        of model: Name? = nil,
        _ part: NamedPart = NamedPart(),
        onlyLive: Bool = false
    ) async throws -> StatusView {
        let now = ledger.now()
        let running = progress.all()
        let served = try await published.state(ledger)
        let names = try await ledger.read { state in
            if let model {
                try state.requireModel(model)
                return [model]
            }
            return onlyLive
                ? served.models(after: part.after, limit: part.limit.count + 1) : try state.models(NamePart(part))
        }
        let shown = Array(names.prefix(part.limit.count))
        let health = try await healthRows(of: shown, served, now: now)
        let notices = requests.notices(notices)
        let counted = ledger.openIncidents
        return try await ledger.read { state in
            let models = try shown.map { try state.summary(of: $0) }
            let overridden = try state.channels(how: .overridden, limit: 20).filter { !shown.contains($0.model) }
            return StatusView(
                models: models,
                next: names.count > shown.count ? shown.last?.text : nil,
                modelCount: try state.count(.models),
                channelCount: served.channels.count,
                releases: try models.flatMap(\.channels).compactMap {
                    try state.release(ReleaseID($0.model, $0.release))
                },
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
                moves: try state.newestMoves(of: model, limit: 10),
                quarantined: try state.quarantinedVersions(of: model, limit: 20),
                health: health,
                overridden: overridden.isEmpty ? nil : overridden,
                incidents: try state.incidents(of: model, isOpen: true, limit: 100).map { IncidentRow($0) },
                openIncidents: try model.map { try state.openIncidents(of: $0) } ?? counted.of(state),
                head: try state.head().seq,
                at: now,
                build: build,
                notices: notices
            )
        }
    }

    /// How the channels of a model do.
    public func health(of model: Name) async throws -> [HealthRow] {
        let documents = self.documents, now = ledger.now()
        var rows: [HealthRow] = []
        for channel in try await published.state(ledger).channels(of: model) {
            rows.append(try await row(channel, documents, now: now))
        }
        return rows
    }

    /// The holds that are in force, oldest first, at most 50.
    public func holds(of model: Name?) async throws -> [HoldRow] {
        try await ledger.read { try $0.holds(of: model, limit: 50).map { HoldRow($0) } }
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

    /// The most channels beside a part of the models, and the most of all that a person on call is shown.
    private static let (others, maxUrgent) = (50, 20)

    private var documents: [Name: SLODocument] {
        Dictionary(levels.documents.map { ($0.name, $0) }) { first, _ in first }
    }

    /// How the channels of a part of the models do, and the others that burn, are watched or held: what is asked is looked
    /// through for them, and not all that there is.
    private func healthRows(of models: [Name], _ state: ServingState, now: Timestamp) async throws -> [HealthRow] {
        let documents = self.documents
        var rows: [HealthRow] = []
        for channel in models.flatMap(state.channels(of:)) {
            rows.append(try await row(channel, documents, now: now))
        }
        let shown = Set(models)
        let burning = levels.countedModels.filter { model in
            !shown.contains(model)
                && levels.statuses(model: model, now: now).contains { status in
                    status.alerts.contains { $0.isFiring } || (status.budgetLeft ?? 1) <= 0
                }
        }
        var others: Set<HealthMeter.Key> = []
        // The worst first: of too many, what is watched or held is left out before what fails or burns.
        for channel in failing(state) + burning.flatMap(state.channels(of:)) + state.notableChannels
        where !shown.contains(channel.record.model) && others.count < Self.others {
            guard others.insert(.init(model: channel.record.model, channel: channel.record.channel)).inserted else {
                continue
            }
            rows.append(try await row(channel, documents, now: now))
        }
        return rows.sorted { ($0.model, $0.channel) < ($1.model, $1.channel) }
    }

    /// The channels whose live release was tried and cannot be loaded, for whatever reason.
    private func failing(_ state: ServingState) -> [ServedChannel] {
        unloaded.all.compactMap { state.channel($0.model, $0.channel) }
    }

    /// How the channels do that a person on call has to do with: all of them where they are few, else those that burn, fail,
    /// are watched, held or asked, the worst first.
    private func urgentRows(_ state: ServingState, now: Timestamp) async throws -> [HealthRow] {
        let documents = self.documents
        var rows: [HealthRow] = []
        guard state.channels.count > Self.maxUrgent else {
            for channel in state.channels { rows.append(try await row(channel, documents, now: now)) }
            return rows
        }
        var seen: Set<HealthMeter.Key> = []
        let asked = health.asked.compactMap { state.channel($0.model, $0.channel) }
        let counted = levels.countedModels.flatMap(state.channels(of:))
        for channel in failing(state) + state.notableChannels + counted + asked
        where seen.insert(.init(model: channel.record.model, channel: channel.record.channel)).inserted {
            rows.append(try await row(channel, documents, now: now))
        }
        rows.sort { ($0.state.urgency, $0.model, $0.channel) < ($1.state.urgency, $1.model, $1.channel) }
        return Array(rows.prefix(Self.maxUrgent))
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
        let unloaded = unloaded.of(channel.model, channel.channel)
        let (state, words) = ChannelHealth(
            unloaded: unloaded,
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
            rollbackTo: channel.rollbackTarget,
            unloaded: unloaded
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

extension HealthRow.State {
    /// What comes first for a person on call.
    fileprivate var urgency: Int {
        switch self {
        case .failing: 0
        case .burning: 1
        case .watching: 2
        case .missingTraffic: 3
        case .healthy: 4
        case .unknown: 5
        case .noTraffic: 6
        }
    }
}
