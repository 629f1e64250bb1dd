import Catalog
import Logging
import RegistryRecords
import RegistryTypes
import ServiceLevels
import Synchronization
import UserDocuments

/// Alerts of SLOs become incidents: one for each channel and family, with what changed before.
///
/// A final class, because what stood at the last step is remembered between steps.
final class AlertFollower: Sendable {
    private let ledger: Ledger
    private let levels: ServiceLevelTracker
    private let recent: RecentRequests
    private let logger: Logger
    /// The alerts that stood at the last step.
    private let alerts: Mutex<[StandingAlert.Key: StandingAlert]>
    private let file: AlertFile

    init(ledger: Ledger, levels: ServiceLevelTracker, recent: RecentRequests, file: AlertFile, logger: Logger) {
        self.ledger = ledger
        self.file = file
        alerts = Mutex(file.read())
        self.levels = levels
        self.recent = recent
        self.logger = logger
    }

    /// Opens and updates incidents as alerts begin to stand, get worse and go. Unknown changes nothing.
    func step(now: Timestamp) async {
        // Before the first documents are in force, nothing is known of any level.
        guard levels.revisions != nil else { return }
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
        if written.mapValues(\.severity) != before.mapValues(\.severity) { file.store(written, logger) }
    }

    private func standingAlerts(now: Timestamp) -> [StandingAlert.Key: StandingAlert] {
        let documents = Dictionary(uniqueKeysWithValues: levels.documents.map { ($0.name, $0) })
        var standing: [StandingAlert.Key: StandingAlert] = [:]
        for status in levels.statuses(now: now) {
            guard let severity = status.severity, let kind = status.alertKind, let document = documents[status.slo]
            else { continue }
            // What misses traffic is one thing, whatever is measured of it.
            let family = kind == .missingTraffic ? .traffic : RolloutIndicator(document).family
            let key = StandingAlert.Key(
                model: status.model,
                family: family,
                channel: document.scope.channel
            )
            if standing[key]?.severity == .page || kind == .missingTraffic && standing[key] != nil { continue }
            standing[key] = StandingAlert(
                slo: status.slo,
                severity: severity == .page ? .page : .ticket,
                kind: kind,
                sentence: status.sentence
            )
        }
        return standing
    }

    private func write(_ alert: StandingAlert, _ key: StandingAlert.Key, now: Timestamp) async -> Bool {
        let samples = recent.bad(of: key.model, key.family)
        return await append(to: key) { state in
            if let open = try state.openIncident(key.model, key.family, in: key.channel) {
                guard alert.severity == .page, open.severity == .ticket else { return [] }
                return [
                    .incidentUpdated(IncidentUpdated(id: open.id, text: alert.sentence, severity: .page))
                ]
            }
            let live = try state.channel(key.model, key.channel)?.release
            return [
                .incidentOpened(
                    IncidentOpened(
                        id: try state.nextIncidentID(),
                        model: key.model,
                        family: key.family,
                        severity: alert.severity,
                        title: alert.kind == .burning
                            ? "\(alert.slo) burns its error budget" : "missing traffic: \(key.model)@\(key.channel)",
                        sentence: alert.sentence,
                        channel: key.channel,
                        release: live,
                        rollout: try state.activeRollout(key.model, key.channel)?.id,
                        lastMoves: try state.moves(key.model, key.channel, limit: 5),
                        samples: samples
                    )
                )
            ]
        }
    }

    private func writeOver(_ alert: StandingAlert, _ key: StandingAlert.Key) async -> Bool {
        // One of missing traffic is closed where that is decided, with the reason; see ``TrafficReturn``.
        guard alert.kind == .burning else { return true }
        return await append(to: key) { state in
            guard let open = try state.openIncident(key.model, key.family, in: key.channel) else { return [] }
            let text = "no alert of \(alert.slo) stands any more"
            return [.incidentUpdated(IncidentUpdated(id: open.id, text: text))]
        }
    }

    private func append(
        to key: StandingAlert.Key,
        _ command: @escaping @Sendable (CatalogState) throws -> [RegistryEvent]
    ) async -> Bool {
        do {
            try await ledger.append(by: .system, urgency: .incident) { Change(try command($0)) }
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
