import Foundation
public import RegistryRecords
import UserDocuments
import Wording

/// The numbers of one check of a canary as a reader reads them, the same on a page and in a terminal: points for
/// shares, percent for ratios, the metric's own unit for the rest. Positive is worse, as in the check itself.
public struct CheckText: Hashable, Sendable {
    private let check: CheckResult

    /// The texts of `check`.
    public init(_ check: CheckResult) { self.check = check }

    /// The degradation in units of the margin: what sorts checks and places them on a chart. 1 is all that is allowed;
    /// nil when it is not known or nothing is allowed.
    public func inMargins(_ degradation: Double?) -> Double? {
        guard let degradation, check.margin > 0, degradation.isFinite else { return nil }
        return degradation / check.margin
    }

    /// `+32.9 points`, `+9.8 %`, `+0.031 nats`: a degradation, or a bound of one.
    public func degradation(_ value: Double?) -> String {
        NumberText.known(value) { number($0, signed: true) + unit }
    }

    /// The same without its unit, for the first of two numbers.
    public func bare(_ value: Double?) -> String { NumberText.known(value) { number($0, signed: true) } }

    /// The same without a sign, for what is allowed.
    public func amount(_ value: Double?) -> String { NumberText.known(value) { number($0, signed: false) + unit } }

    /// `90 %: +28.7 … +37.1`, in the unit of the degradation; empty when there is no interval.
    public var interval: String {
        guard let lower = check.plausibleLower, let upper = check.plausibleUpper else { return "" }
        return "\(level): \(number(lower, signed: true)) … \(number(upper, signed: true))"
    }

    /// How sure the interval is, in percent: both of its one-sided bounds together.
    public var level: String { Self.level(alphaPass: check.alphaPass) }

    /// How sure an interval is whose bounds are each wrong with a chance of `alphaPass`: rounded down, as an early look has
    /// intervals of nearly, and never of all of, 100 %.
    public static func level(alphaPass: Double) -> String {
        let sure = 1 - 2 * alphaPass
        return sure > 0.99 ? NumberText.good(min(sure, 0.999), 1) : NumberText.growth(sure, 0, signed: false)
    }

    /// The metric over one side's answers: `94.7 %`, `38.2 ms`, `12.4`, `−0.412`.
    public func value(_ value: Double?) -> String {
        NumberText.known(value) { value in
            if check.unit == .share { return NumberText.share(value) }
            switch metricOfCheck?.kind {
            case .binary: return NumberText.share(value)
            case .duration: return NumberText.duration(value)
            // Prices of single answers are small.
            case .amount: return NumberText.decimal(value, metricOfCheck == .cost ? 6 : 1)
            case .score, nil: return NumberText.decimal(value, 3)
            }
        }
    }

    /// The metric and its aspect in words: `time to first token, much slower requests`.
    public var metric: String {
        let title =
            (isLogProbability ? "log-probability per token" : Metric.title(of: check.metric))
            + (check.comparedAs == .json ? ", as JSON" : "")
        switch check.aspect {
        case "tail": return title + ", much slower requests"
        case "limit": return title + ", requests over the limit"
        default: return title
        }
    }

    private var metricOfCheck: Metric? { Metric(identity: check.metric) }

    private var isLogProbability: Bool { metricOfCheck == .baselineLogProbability }

    /// Whether the metric is a score from 0 to 1, whose differences are points.
    private var isShare: Bool { metricOfCheck?.isShare == true }

    /// A narrow margin gets one more digit.
    private func number(_ value: Double, signed: Bool) -> String {
        let isNarrow = abs(check.margin) < 0.01
        return switch check.unit {
        case .share: NumberText.decimal(value * 100, isNarrow ? 2 : 1, signed: signed)
        case .logRatio: NumberText.decimal(expm1(value) * 100, 1, signed: signed)
        case .own where isShare: NumberText.decimal(value * 100, isNarrow ? 2 : 1, signed: signed)
        case .own: NumberText.decimal(value, isNarrow ? 4 : 3, signed: signed)
        }
    }

    private var unit: String {
        switch check.unit {
        case .share: " points"
        case .logRatio: " %"
        case .own: metricOfCheck?.isInNats == true ? " nats" : isShare ? " points" : ""
        }
    }
}
