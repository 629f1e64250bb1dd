import Catalog
import Logging
import RegistryRecords
import RegistryTypes
import Synchronization

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
            let open = try await ledger.read { try $0.incidents(isOpen: true, limit: 1000) }
                .filter { $0.family == .traffic }
            guard !open.isEmpty else { return }
            let missing = Set(
                levels.statuses(now: now).filter { $0.alertKind == .missingTraffic }.map(\.model)
            )
            for incident in open where !missing.contains(incident.model) {
                try await ledger.append(by: .system) { state in
                    guard try state.incident(incident.id)?.closedAt == nil else { return Change([]) }
                    let reason = "traffic is not missing any more: it came again, or none is left in the window"
                    return Change([.incidentClosed(IncidentClosed(id: incident.id, reason: reason))])
                }
            }
        } catch {
            logger.error("that traffic came again cannot be written", metadata: ["error": "\(error)"])
        }
    }
}
