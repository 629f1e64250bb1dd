import Foundation
import RegistryRecords

/// How the numbers of one check are written: points for shares, percent for ratios, plain for the rest.
struct DegradationScale: Hashable, Sendable {
    let unit: CheckResult.Unit
    let isTimed: Bool

    init(_ check: CheckResult) {
        unit = check.unit
        isTimed = check.timed
    }

    /// A degradation, a bound of one, or a margin.
    func degradation(_ value: Double?) -> String {
        guard let value else { return "?" }
        return switch unit {
        case .share: Figures.decimal(value * 100, 1, signed: true) + " pt"
        case .logRatio: Figures.percent(exp(value) - 1, 1, signed: true)
        case .own: Figures.decimal(value, 3, signed: true)
        }
    }

    /// The metric over one side's answers.
    func value(_ value: Double?) -> String {
        guard let value else { return "?" }
        if isTimed, unit != .share { return Figures.milliseconds(value) }
        return unit == .share ? Figures.percent(value, 1) : Figures.decimal(value, abs(value) >= 100 ? 1 : 3)
    }
}
