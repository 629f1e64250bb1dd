import Artifacts
import Catalog
import Gateway
import RegistryRecords
import RegistryTypes
import ServiceLevels
import UserDocuments
public import WireFormat

/// What a person looks at first: how the channels do, what is open, what moved.
extension ControlPlane {
    /// For how long after a move alerts are those of the release before: the short window of the fastest alert.
    private static let alertTailSeconds = 300.0

    /// What a person on call needs first.
    public func onCall() async throws -> OnCallView {
        let now = configuration.now()
        let (moves, incidents) = try await read { state in
            (
                try Self.moves(of: nil, limit: 10, in: state),
                try state.incidents(isOpen: true, limit: 100).map { IncidentRow($0) }
            )
        }
        let load = await releases.load()
        return OnCallView(
            channels: try await healthRows(now: now),
            incidents: incidents,
            moves: moves,
            queue: load.queued,
            active: load.active,
            capture: try await capture(),
            isDraining: gateway.readiness == .draining,
            reserveBytes: reserve.bytes,
            at: now
        )
    }

    /// How every channel does.
    func healthRows(now: Timestamp) async throws -> [HealthRow] {
        let found = try await read { state in
            try state.channels().map { channel in
                (
                    channel: channel,
                    rollout: try state.activeRollout(channel.model, channel.channel),
                    hold: try state.hold(channel.model, channel.channel),
                    isQuarantined: try state.release(ReleaseID(channel.model, channel.release))
                        .flatMap { try state.version($0.version)?.quarantined } != nil
                )
            }
        }
        return found.map { channel, rollout, hold, isQuarantined in
            health(channel, rollout, hold, isQuarantined: isQuarantined, now: now)
        }
    }

    private func health(
        _ channel: ChannelRecord,
        _ rollout: RolloutRecord?,
        _ hold: HoldRecord?,
        isQuarantined: Bool,
        now: Timestamp
    ) -> HealthRow {
        let reading = health.reading(channel.model, channel.channel, now: now)
        let inForce = Set(levels.documents.filter { $0.scope.channel == channel.channel }.map(\.name))
        let statuses = levels.statuses(model: channel.model, now: now).filter { inForce.contains($0.slo) }
        let severity = statuses.compactMap(\.severity).contains(.page) ? "page" : nil
        let hasTicket = statuses.contains { $0.severity != nil }
        let isOverspent = statuses.contains { ($0.budgetLeft ?? 1) <= 0 }
        let state: HealthRow.State
        let words: String
        if isQuarantined {
            (state, words) = (.failing, "cannot be loaded")
        } else if severity != nil {
            // What the release before did stays in the windows of the alerts for a while.
            let isLeft = channel.move.from != nil && now.seconds(since: channel.move.at) < Self.alertTailSeconds
            (state, words) =
                isLeft ? (.burning, "an alert stands from before the move") : (.failing, "an alert pages")
        } else if let rollout {
            (state, words) = (.watching, RolloutRow(rollout, watch: watchBoard.watch(rollout.id)).words)
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
            rollout: rollout.map { RolloutRow($0, watch: watchBoard.watch($0.id)) },
            hold: hold.map { HoldRow($0) },
            dataUntil: reading.newest
        )
    }
}
