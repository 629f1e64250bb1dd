import RegistryRecords
import RegistryTypes
import UserDocuments
import Wording

/// Which alerts stand, told from stored buckets alone: a restart, and a new document, change nothing about it.
extension ServiceLevel {
    /// The alerts that stand at `now` although their short window is silent: those that fired at the last second in
    /// which it held an event. Silence since then changed nothing, so there is nothing that would have to be remembered.
    ///
    /// - Returns: The alerts, with the keys that each is of where the others contradict these.
    static func standing(
        _ document: SLODocument,
        _ rules: [BurnRule],
        _ buckets: some Collection<SLIBucket>,
        _ callers: [Name: [SLIBucket]],
        now: Int64
    ) -> [Name: OddKeys?] {
        guard let newest = buckets.lazy.filter({ $0.valid > 0 }).map(\.start).max() else { return [:] }
        var standing: [Name: OddKeys?] = [:]
        for (alert, rule) in zip(document.alerting, rules) {
            let step = Int64(
                alert.shortSeconds <= SLIBucket.fineSpanSeconds ? SLIBucket.fineSeconds : SLIBucket.coarseSeconds
            )
            let last = newest / step * step + Int64(alert.shortSeconds) - 1
            // While the short window holds events, they decide.
            guard last < now else { continue }
            let windows = BurnWindows(
                windows: [alert.longSeconds, alert.shortSeconds],
                buckets: buckets,
                now: last
            )
            guard let long = windows.counts(last: alert.longSeconds),
                let short = windows.counts(last: alert.shortSeconds)
            else { continue }
            guard rule.isBurning(long: long, short: short) == true else { continue }
            var known = CallerWindows(document, buckets: buckets, callers: callers, now: last)
            known.advance(to: last)
            standing.updateValue(rule.odd(alert, known), forKey: alert.name)
        }
        return standing
    }
}

extension BurnRule {
    /// The keys that an alert which fires is of, where the others contradict them and do not burn without them; nil for
    /// none, and for an alert that pages nobody.
    /// The others speak of about the same time: what they saw before something broke contradicts nobody.
    func odd(_ alert: BurnAlert, _ callers: CallerWindows) -> OddKeys? {
        guard alert.severity == .page, let found = callers.odd(alert.shortSeconds),
            (found.left.badShare ?? 0) < rate * budget
        else { return nil }
        return found.keys
    }
}
