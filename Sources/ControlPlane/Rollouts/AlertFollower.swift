import Catalog
import Logging
import RegistryRecords
import RegistryTypes
import ServiceLevels
import Synchronization
import UserDocuments

/// Alerts of SLOs become incidents: one for each model and family, with what changed before.
///
/// A final class, because what stood at the last step is remembered between steps.
final class AlertFollower: Sendable {
    /// What stands for a model in a family: the worst of its alerts, and the sentence of the SLO it belongs to.
    private struct StandingAlert: Hashable, Sendable {
        let slo: Name
        let severity: IncidentSeverity
        let kind: AlertKind
        let channel: Name
        let sentence: String
    }

    /// The models and families that have an alert.
    private struct AlertKey: Hashable, Sendable {
        let model: Name
        let family: IncidentFamily
    }

    private let ledger: Ledger
    private let levels: ServiceLevelTracker
    private let recent: RecentRequests
    private let logger: Logger
    /// The alerts that stood at the last step.
    private let alerts = Mutex<[AlertKey: StandingAlert]>([:])

    init(ledger: Ledger, levels: ServiceLevelTracker, recent: RecentRequests, logger: Logger) {
        self.ledger = ledger
        self.levels = levels
        self.recent = recent
        self.logger = logger
    }

    /// Opens and updates incidents as alerts begin to stand, get worse and go. Unknown changes nothing.
    func step(now: Timestamp) async {
        let standing = standingAlerts(now: now)
        let before = alerts.withLock { $0 }
        // The figures in a sentence change each second; the alert is the same as long as its severity is.
        var written = standing
        for (key, alert) in standing where before[key]?.severity != alert.severity {
            // What the log does not have is tried again in the next step.
            if await !write(alert, key, now: now) { written[key] = before[key] }
        }
        for (key, alert) in before where standing[key] == nil {
            if await !writeOver(alert, key) { written[key] = alert }
        }
        alerts.withLock { $0 = written }
    }

    private func standingAlerts(now: Timestamp) -> [AlertKey: StandingAlert] {
        let documents = Dictionary(uniqueKeysWithValues: levels.documents.map { ($0.name, $0) })
        var standing: [AlertKey: StandingAlert] = [:]
        for status in levels.statuses(now: now) {
            guard let severity = status.severity, let kind = status.alertKind, let document = documents[status.slo]
            else { continue }
            // What misses traffic is one thing, whatever is measured of it.
            let family = kind == .missingTraffic ? .traffic : RolloutIndicator(document).family
            let key = AlertKey(model: status.model, family: family)
            if standing[key]?.severity == .page || kind == .missingTraffic && standing[key] != nil { continue }
            standing[key] = StandingAlert(
                slo: status.slo,
                severity: severity == .page ? .page : .ticket,
                kind: kind,
                channel: document.scope.channel,
                sentence: status.sentence
            )
        }
        return standing
    }

    private func write(_ alert: StandingAlert, _ key: AlertKey, now: Timestamp) async -> Bool {
        let samples = recent.bad(of: key.model, key.family)
        return await append(to: key) { state in
            if let open = try state.openIncident(key.model, key.family) {
                guard alert.severity == .page, open.severity == .ticket else { return [] }
                return [
                    .incidentUpdated(IncidentUpdated(id: open.id, text: alert.sentence, severity: .page))
                ]
            }
            let live = try state.channel(key.model, alert.channel)?.release
            return [
                .incidentOpened(
                    IncidentOpened(
                        id: try state.nextIncidentID(),
                        model: key.model,
                        family: key.family,
                        severity: alert.severity,
                        title: alert.kind == .burning
                            ? "\(alert.slo) burns its error budget" : "missing traffic: \(key.model)@\(alert.channel)",
                        sentence: alert.sentence,
                        channel: alert.channel,
                        release: live,
                        rollout: try state.activeRollout(key.model, alert.channel)?.id,
                        lastMoves: try state.moves(key.model, alert.channel, limit: 5),
                        samples: samples
                    )
                )
            ]
        }
    }

    private func writeOver(_ alert: StandingAlert, _ key: AlertKey) async -> Bool {
        let text =
            switch alert.kind {
            case .burning: "no alert of \(alert.slo) stands any more"
            case .missingTraffic: "traffic is not missing any more: it came again, or none is left in the window"
            }
        return await append(to: key) { state in
            guard let open = try state.openIncident(key.model, key.family) else { return [] }
            return [.incidentUpdated(IncidentUpdated(id: open.id, text: text))]
        }
    }

    private func append(
        to key: AlertKey,
        _ command: @escaping @Sendable (CatalogState) throws -> [RegistryEvent]
    ) async -> Bool {
        do {
            try await ledger.append(by: .system) { Change(try command($0)) }
            return true
        } catch {
            logger.error(
                "an incident cannot be written",
                metadata: ["model": "\(key.model)", "family": "\(key.family.rawValue)", "error": "\(error)"]
            )
            return false
        }
    }
}
