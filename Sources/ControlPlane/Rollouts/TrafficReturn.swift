import Catalog
import Logging
import RegistryRecords
import RegistryTypes
import Synchronization
import UserDocuments
import Wording

/// Ends what began with silence: an incident that says that traffic is missing is over when it is not missing any more,
/// and then no person has anything to find out. Also what a process before left open.
struct TrafficReturn: Sendable {
    let ledger: Ledger
    let levels: ServiceLevelTracker
    let logger: Logger

    /// One step.
    func step(now: Timestamp) async {
        // Before the first documents are in force, nothing is known of any level.
        guard levels.revisions != nil else { return }
        do {
            let open = try await ledger.read(.first) {
                try $0.incidents(isOpen: true, families: [.traffic], limit: 1000)
            }
            for incident in open {
                let statuses = levels.statuses(model: incident.model, in: incident.channel, now: now)
                guard let reason = Self.end(since: incident.openedAt, statuses) else { continue }
                try await ledger.append(by: .system) { state in
                    guard try state.incident(incident.id)?.closedAt == nil else { return Change([]) }
                    return Change([.incidentClosed(IncidentClosed(id: incident.id, reason: reason))])
                }
            }
        } catch {
            logger.error("that traffic came again cannot be written", metadata: ["error": "\(error)"])
        }
    }

    /// Why traffic is not missing any more, as the service levels of the channel say; nil while it is.
    ///
    /// - Parameter since: When it was found missing.
    static func end(since: Timestamp, _ statuses: [SLOStatus]) -> String? {
        if statuses.contains(where: { $0.absence?.isFiring == true }) { return nil }
        guard let newest = statuses.compactMap(\.dataUntil).max() else {
            return statuses.isEmpty
                ? "no service level counts this channel any more: whether traffic is missing is unknown"
                : "no request is left in the window of any service level: how many used to come is no longer known"
        }
        // Levels count by the second.
        return newest.seconds >= since.seconds
            ? "traffic is not missing any more: it came again"
            : "no service level in force takes this silence for unusual any more: one was changed or taken away"
    }
}
