import Foundation
import RegistryRecords
import UserDocuments

/// The numbers of one check as a reader reads them. Positive is worse, as in the check itself.
struct CheckWords {
    let check: CheckResult

    /// The degradation in units of the margin: what sorts the checks and places them on the chart.
    func inMargins(_ degradation: Double?) -> Double? {
        guard let degradation, check.margin > 0, degradation.isFinite else { return nil }
        return degradation / check.margin
    }

    /// `+32.9 points`, `+9.8 %`, `+0.031 nats`.
    func degradation(_ value: Double?) -> String { value.map { number($0, signed: true) + unit } ?? "unknown" }

    /// The same without its unit, for the first of two numbers.
    func bare(_ value: Double?) -> String { value.map { number($0, signed: true) } ?? "unknown" }

    /// The same without a sign, for what is allowed.
    func amount(_ value: Double?) -> String { value.map { number($0, signed: false) + unit } ?? "unknown" }

    /// `[+28.7, +37.1]`.
    var interval: String {
        guard let lower = check.lower, let upper = check.upper else { return "" }
        return "\(level): \(number(lower, signed: true)) … \(number(upper, signed: true))"
    }

    /// How sure the interval is: both of its one-sided bounds together.
    var level: String { "\(Figures.decimal((1 - 2 * check.alphaPass) * 100, 0)) %" }

    /// The value of one side.
    func value(_ value: Double?) -> String {
        guard let value else { return "unknown" }
        if check.unit == .share { return Figures.share(value) }
        switch Metric(rawValue: check.metric)?.kind {
        case .binary: return Figures.share(value)
        case .duration: return Figures.duration(value)
        case .amount: return Figures.decimal(value, 1)
        case .score, nil: return Figures.decimal(value, 3)
        }
    }

    /// The metric and its aspect in words.
    var metric: String {
        let isLogProbability = check.metric == Metric.baselineLogProbability.rawValue
        let title = isLogProbability ? "log-probability per token" : Words.title(metric: check.metric)
        switch check.aspect {
        case "tail": return title + ", much slower requests"
        case "limit": return title + ", requests over the limit"
        default: return title
        }
    }

    private func number(_ value: Double, signed: Bool) -> String {
        switch check.unit {
        case .share: return Figures.decimal(value * 100, abs(check.margin) < 0.01 ? 2 : 1, signed: signed)
        case .logRatio: return Figures.decimal(expm1(value) * 100, 1, signed: signed)
        case .own: return Figures.decimal(value, abs(check.margin) < 0.01 ? 4 : 3, signed: signed)
        }
    }

    private var unit: String {
        switch check.unit {
        case .share: " points"
        case .logRatio: " %"
        case .own: check.metric == Metric.baselineLogProbability.rawValue ? " nats" : ""
        }
    }
}
