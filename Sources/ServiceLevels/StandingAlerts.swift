import RegistryRecords
import RegistryTypes
import UserDocuments

/// Which alerts stand, told from stored buckets alone: a restart, and a new document, change nothing about it.
extension ServiceLevel {
    /// The alerts that stand at `now` although their short window is silent: those that fired at the last second in
    /// which it held an event. Silence since then changed nothing, so there is nothing that would have to be remembered.
    static func standing(
        _ document: SLODocument,
        _ rules: [BurnRule],
        _ buckets: some Collection<SLIBucket>,
        now: Int64
    ) -> Set<Name> {
        guard let newest = buckets.lazy.filter({ $0.valid > 0 }).map(\.start).max() else { return [] }
        let standing = zip(document.alerting, rules).filter { alert, rule in
            let step = Int64(
                alert.shortSeconds <= SLIBucket.fineSpanSeconds ? SLIBucket.fineSeconds : SLIBucket.coarseSeconds
            )
            let last = newest / step * step + Int64(alert.shortSeconds) - 1
            // While the short window holds events, they decide.
            guard last < now else { return false }
            let windows = BurnWindows(
                windows: [alert.longSeconds, alert.shortSeconds],
                buckets: buckets,
                now: last
            )
            guard let long = windows.counts(last: alert.longSeconds),
                let short = windows.counts(last: alert.shortSeconds)
            else { return false }
            return rule.isBurning(long: long, short: short) == true
        }
        return Set(standing.map(\.0.name))
    }
}
