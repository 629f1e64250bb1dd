import Foundation
import RegistryRecords
import Statistics
import Wording

/// How a time changed against what anybody would notice: the ratio of the geometric means with its interval, and the
/// largest ratio that is allowed.
///
/// A time has a floor of its own beside the one in per cent: on a shared machine 44 µs become 62 µs from one minute to the
/// next, which is sure, large in per cent, and nothing to anybody.
struct TimeChange {
    /// The geometric mean of the reference, in seconds.
    let before: Double
    /// That of the window.
    let now: Double
    /// The logarithm of their ratio; over 0 is slower.
    let change: Double
    /// Its 95 % interval; nil where either side has fewer than two times.
    let interval: ClosedRange<Double>?
    /// The logarithm of the ratio that is allowed: the margin, or what the time may grow by without being noticed.
    let allowed: Double
    /// The logarithm of the ratio below which it became noticeably faster; nil where nobody could notice.
    let noticeablyFaster: Double?

    /// The change of `signal` between two summaries; nil where either side has no time.
    ///
    /// - Parameter margin: the logarithm of the ratio that is allowed in any case.
    init?(_ signal: DriftSignal, _ reference: NumberSummary, _ current: NumberSummary, margin: Double) {
        guard let noticed = signal.noticedSeconds, let mean = reference.logMean, let meanNow = current.logMean else {
            return nil
        }
        before = exp(mean)
        now = exp(meanNow)
        change = meanNow - mean
        allowed = max(margin, log1p(noticed / before))
        noticeablyFaster = before > noticed ? min(-margin, log1p(-noticed / before)) : nil
        guard let spread = reference.logVariance, let spreadNow = current.logVariance else {
            interval = nil
            return
        }
        let welch = Welch(
            difference: change,
            varianceOfFirstMean: spreadNow / Double(current.positive),
            first: current.positive,
            varianceOfSecondMean: spread / Double(reference.positive),
            second: reference.positive
        )
        interval = welch.lower(alpha: 0.025).flatMap { low in welch.upper(alpha: 0.025).map { low...max(low, $0) } }
    }

    /// The slowest geometric mean that is allowed, in seconds.
    var allowedSeconds: Double { before * exp(allowed) }

    /// What is said of a change that is surely none of chance.
    var state: DriftTest.State {
        guard let interval else { return .unknown }
        if interval.lowerBound > allowed { return .moved }
        if let noticeablyFaster, interval.upperBound < noticeablyFaster { return .better }
        return change > allowed ? .small : .stable
    }
}
