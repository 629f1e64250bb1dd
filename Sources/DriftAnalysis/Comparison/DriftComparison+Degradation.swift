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
        // What hurts comes first. What is not known is shown too, as long as there is room: no data is no good news.
        let bad = all.filter { $0.state == .beyondMargin }
        let known = all.filter { $0.state == .withinMargin || $0.state == .unclear }
        return Array((bad + known + all.filter { $0.state == .unknown }).prefix(4))
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

    /// The time that got worse by most; the total where none did.
    private func latency(_ margin: Double) -> DriftDegradation {
        let times = [DriftSignal.totalSeconds, .firstTokenSeconds, .perTokenSeconds].map { latency($0, margin) }
        return times.first { $0.state == .beyondMargin } ?? times[0]
    }

    private func latency(_ signal: DriftSignal, _ margin: Double) -> DriftDegradation {
        guard
            let time = TimeChange(
                signal,
                reference.summary.numbers[signal.slot],
                current.numbers[signal.slot],
                margin: margin
            )
        else { return degradation(signal, nil, nil, margin, isRatio: true) }
        return degradation(
            signal,
            signal.text(time.before),
            signal.text(time.now),
            time.allowed,
            isRatio: true,
            change: time.change,
            interval: time.interval,
            allowed: signal.text(time.allowedSeconds)
        )
    }

    private func degradation(
        _ signal: DriftSignal,
        _ reference: String?,
        _ current: String?,
        _ margin: Double,
        isRatio: Bool = false,
        change: Double? = nil,
        interval: ClosedRange<Double>? = nil,
        allowed: String? = nil
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
            state: state,
            allowed: allowed
        )
    }
}
