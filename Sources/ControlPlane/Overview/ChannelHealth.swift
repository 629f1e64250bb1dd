import RegistryRecords
import UserDocuments
import WireFormat
import Wording

/// How a channel does, decided from what is known of it: what burns is said to burn, what nobody asked is unknown.
struct ChannelHealth: Sendable {
    /// Whether the live release may be loaded.
    let isLoadable: Bool
    /// How its service levels stand.
    let statuses: [SLOStatus]
    /// The words of the rollout that is watched; nil for none.
    let rollout: String?
    /// Whether the windows of alerts still hold what the release before did.
    let isJustLeft: Bool
    /// Since when no request was counted; nil when none was since the process began.
    let quietSeconds: Double?

    /// For how long a channel may be asked nothing and still be called by what it did, in seconds.
    static let freshSeconds = 600.0

    /// The state, and the state in words.
    var answer: (state: HealthRow.State, words: String) {
        guard isLoadable else { return (.failing, "cannot be loaded") }
        let burning = statuses.filter { $0.alertKind == .burning }
        if burning.contains(where: { $0.severity == .page }) {
            return isJustLeft ? (.burning, "an alert stands from before the move") : (.failing, "an alert pages")
        }
        if let rollout { return (.watching, rollout) }
        if !burning.isEmpty { return (.burning, "an alert stands") }
        // What was spent stays spent while nobody asks; how it does now is unknown all the same.
        if let quietSeconds, quietSeconds < Self.freshSeconds {
            if statuses.contains(where: { ($0.budgetLeft ?? 1) <= 0 }) { return (.burning, "an error budget is spent") }
            if statuses.contains(where: { $0.state == .met }) { return (.healthy, "healthy") }
            return (.unknown, "too little traffic to say")
        }
        let since = quietSeconds.map { " for \(NumberText.elapsed($0))" } ?? ""
        return statuses.contains { $0.alertKind == .missingTraffic }
            ? (.missingTraffic, "missing traffic: no request\(since), and they used to come")
            : (.noTraffic, "no traffic\(since)")
    }
}
