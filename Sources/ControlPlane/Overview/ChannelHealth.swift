import RegistryRecords
import UserDocuments
import WireFormat
import Wording

/// How a channel does, decided from what is known of it: what burns is said to burn, what nobody asked is unknown.
struct ChannelHealth: Sendable {
    /// That the live release cannot be loaded, and what answers in its place.
    let unloaded: UnloadedRelease?
    /// How its service levels stand.
    let statuses: [SLOStatus]
    /// The words of the rollout that is watched; nil for none.
    let rollout: String?
    /// Whether the live release alone, by what it answered since it came in, makes an alert page. Else what pages is what
    /// another release did: the one before, or the one that keeps a share.
    let isAtFault: Bool
    /// Whether the live release was asked since it came in.
    var wasAsked = true
    /// The live release, for the words.
    let release: Int
    /// Since when no request was counted; nil when none was since the process began.
    let quietSeconds: Double?

    /// For how long a channel may be asked nothing and still be called by what it did, in seconds.
    static let freshSeconds = 600.0

    private static func odd(_ burning: [SLOStatus]) -> String {
        burning.compactMap { status in status.oddKeys.map { "\(status.slo): \($0)" } }.joined(separator: "; ")
    }

    /// The state, and the state in words.
    var answer: (state: HealthRow.State, words: String) {
        if let unloaded { return (.failing, unloaded.words) }
        let burning = statuses.filter { $0.alertKind == .burning }
        if burning.contains(where: { $0.severity == .page }) {
            return isAtFault
                ? (.failing, "an alert pages")
                : (.burning, "an alert stands; what r\(release) answered since it came in does not show it")
        }
        if let rollout { return (.watching, rollout) }
        if !burning.isEmpty {
            // What is of one key alone is said as that: other applications get good answers.
            return (.burning, burning.allSatisfy { $0.oddKeys != nil } ? Self.odd(burning) : "an alert stands")
        }
        let since = quietSeconds.map { " for \(NumberText.elapsed($0))" } ?? ""
        if statuses.contains(where: { $0.alertKind == .missingTraffic }) {
            return (.missingTraffic, "missing traffic: no request\(since), and they used to come")
        }
        // What was spent stays spent while nobody asks; how it does now is unknown all the same.
        if let quietSeconds, quietSeconds < Self.freshSeconds {
            guard wasAsked else { return (.unknown, "r\(release) was not asked since it came in") }
            let spent = statuses.filter { ($0.budgetLeft ?? 1) <= 0 }
            if !spent.isEmpty {
                let isOdd = spent.allSatisfy { $0.oddKeys != nil }
                return (.burning, isOdd ? "an error budget is spent; \(Self.odd(spent))" : "an error budget is spent")
            }
            if statuses.contains(where: { $0.state == .met }) { return (.healthy, "healthy") }
            return (.unknown, "too little traffic to say")
        }
        return (.noTraffic, "no traffic\(since)")
    }
}
