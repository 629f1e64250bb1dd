import Foundation
import RegistryRecords
import Statistics
import Wording

extension DriftComparison {
    /// Does it hurt? The four most telling of those with data; positive changes are worse.
    func degradations() -> [DriftDegradation] {
        let all = [
            rate(.correct, badIsYes: false, margins.correct),
            rate(.liked, badIsYes: false, margins.liked),
            rate(.jsonValid, badIsYes: false, margins.jsonValid),
            rate(.errors, badIsYes: true, margins.errors),
            latency(margins.latency),
        ]
        let known = all.filter { $0.state != .unknown }
        // What is not known is shown too, as long as there is room: no data is no good news.
        return Array((known + all.filter { $0.state == .unknown }).prefix(4))
    }

    private func rate(_ signal: DriftSignal, badIsYes: Bool, _ margin: Double) -> DriftDegradation {
        let before = reference.summary.rates[signal.slot]
        let now = current.rates[signal.slot]
        func bad(_ rate: RateSummary) -> Proportion? {
            Proportion(bad: badIsYes ? rate.yes : rate.count - rate.yes, n: rate.count)
        }
        guard let baseline = bad(before), let candidate = bad(now) else {
            return degradation(signal, before.share.map(NumberText.share), now.share.map(NumberText.share), margin)
        }
        let both = TwoProportions(candidate: candidate, baseline: baseline)
        return degradation(
            signal,
            before.share.map(NumberText.share),
            now.share.map(NumberText.share),
            margin,
            change: both.difference,
            interval: both.newcombe(alpha: 0.025)
        )
    }

    private func latency(_ margin: Double) -> DriftDegradation {
        let signal = DriftSignal.totalSeconds
        let before = reference.summary.numbers[signal.slot]
        let now = current.numbers[signal.slot]
        guard let mean = before.logMean, let meanNow = now.logMean, let spread = before.logVariance,
            let spreadNow = now.logVariance
        else { return degradation(signal, nil, nil, margin, isRatio: true) }
        let welch = Welch(
            difference: meanNow - mean,
            varianceOfFirstMean: spreadNow / Double(now.positive),
            first: now.positive,
            varianceOfSecondMean: spread / Double(before.positive),
            second: before.positive
        )
        let interval = welch.lower(alpha: 0.025).flatMap { low in welch.upper(alpha: 0.025).map { low...max(low, $0) } }
        return degradation(
            signal,
            signal.text(exp(mean)),
            signal.text(exp(meanNow)),
            margin,
            isRatio: true,
            change: welch.difference,
            interval: interval
        )
    }

    private func degradation(
        _ signal: DriftSignal,
        _ reference: String?,
        _ current: String?,
        _ margin: Double,
        isRatio: Bool = false,
        change: Double? = nil,
        interval: ClosedRange<Double>? = nil
    ) -> DriftDegradation {
        let state: DriftDegradation.State =
            if let interval {
                interval.lowerBound > margin ? .beyondMargin : interval.upperBound <= margin ? .withinMargin : .unclear
            } else {
                .unknown
            }
        return DriftDegradation(
            signal: signal.rawValue,
            title: signal.title,
            reference: reference,
            current: current,
            change: change.flatMap(finite),
            lower: (interval?.lowerBound).flatMap(finite),
            upper: (interval?.upperBound).flatMap(finite),
            margin: margin,
            isRatio: isRatio,
            state: state
        )
    }
}
