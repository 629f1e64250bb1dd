import Foundation
import RegistryRecords

/// The sentences of a report. Numbers are rounded to what their interval supports, never more.
struct Wording {
    private let effect: Measurement.Effect
    private let unit: CheckResult.Unit
    private let margin: Double
    private let decimals: Int

    init(_ effect: Measurement.Effect, unit: CheckResult.Unit, margin: Double) {
        self.effect = effect
        self.unit = unit
        self.margin = margin
        let width = Wording.shown(effect.upper, unit) - Wording.shown(effect.lower, unit)
        let size = width > 0 ? width : abs(Wording.shown(effect.estimate, unit)) / 10
        var decimals = size > 0 ? min(9, max(0, 1 - Int(log10(size).rounded(.down)))) : 1
        // "at most 2.0 worse, you allow 2" would not say why it passes.
        while decimals < 9, Wording.collides(effect.upper, margin, unit, decimals) { decimals += 1 }
        self.decimals = decimals
    }

    private static func collides(_ bound: Double, _ margin: Double, _ unit: CheckResult.Unit, _ decimals: Int) -> Bool {
        bound != margin
            && number(shown(bound, unit), decimals: decimals) == number(shown(margin, unit), decimals: decimals)
    }

    /// "worse by 32.9 points (interval 28.7 to 37.1), you allow 2".
    var worse: String { "\(direction(effect.estimate)) \(interval), \(allowance)" }

    /// "really worse by 1.5 points (interval 0.9 to 2.1), the size may be allowed: you allow 2".
    var reallyWorse: String {
        "really \(direction(effect.estimate)) \(interval), the size may be allowed: \(allowance)"
    }

    /// "at most 0.9 points worse (measured: 0.1 better), you allow 2".
    var allowed: String {
        let bound =
            effect.upper > 0 ? "at most \(amount(effect.upper)) worse" : "at least \(amount(effect.upper)) better"
        let size = plain(effect.estimate)
        let isSomething = size.contains { $0 != "0" && $0 != "." }
        let measured = isSomething ? "\(size) \(effect.estimate > 0 ? "worse" : "better")" : "no change"
        return "\(bound) (measured: \(measured)), \(allowance)"
    }

    /// "between 0.4 better and 2.9 points worse, you allow 2: about 760 requests would decide".
    func open(needed: Int?) -> String {
        let low = effect.lower < 0 ? "\(plain(effect.lower)) better" : plain(effect.lower)
        let future =
            needed.map { "about \(Wording.roundedUp($0)) requests would decide" }
            ?? "too close to the margin for any number of requests to decide soon"
        return "between \(low) and \(amount(effect.upper)) worse, \(allowance): \(future)"
    }

    private var allowance: String {
        "you allow \(Wording.trimmed(Wording.shown(margin, unit)))" + (unit == .logRatio ? " %" : "")
    }

    private var interval: String {
        let low = Wording.number(Wording.shown(effect.lower, unit), decimals: decimals)
        let high = Wording.number(Wording.shown(effect.upper, unit), decimals: decimals)
        return "(interval \(low) to \(high))"
    }

    private func direction(_ degradation: Double) -> String {
        "\(degradation < 0 ? "better" : "worse") by \(amount(degradation))"
    }

    /// Size without sign, with the unit.
    private func amount(_ degradation: Double) -> String {
        switch unit {
        case .share: plain(degradation) + " points"
        case .logRatio: plain(degradation) + " %"
        case .own: plain(degradation)
        }
    }

    /// Size without sign and unit.
    private func plain(_ degradation: Double) -> String {
        Wording.number(abs(Wording.shown(degradation, unit)), decimals: decimals)
    }

    /// The effect as people read it: points, per cent, or the metric's own unit.
    private static func shown(_ degradation: Double, _ unit: CheckResult.Unit) -> Double {
        switch unit {
        case .share: 100 * degradation
        case .logRatio: 100 * expm1(degradation)
        case .own: degradation
        }
    }

    // MARK: Sentences without an interval

    /// Name of a check among others of the same metric.
    static func title(_ check: CheckResult) -> String {
        switch check.aspect {
        case "tail": "\(check.name) (tail)"
        case "limit": "\(check.name) (limit)"
        default: check.name
        }
    }

    static func veto(newlyBad: Int, allowed: Int) -> String {
        "\(newlyBad) newly bad, \(allowed) \(allowed == 1 ? "is" : "are") enough to stop"
    }

    static func missing(_ missing: Int, of total: Int, allowed: Double) -> String {
        let share = number(100 * Double(missing) / Double(total), decimals: 1)
        return "\(missing) of \(total) values are missing (\(share) %), at most \(trimmed(100 * allowed)) % may be"
    }

    static func tooFew(_ samples: Int, minimum: Int, needed: Int?) -> String {
        let future = needed.flatMap { $0 > minimum ? ", about \(roundedUp($0)) would decide" : nil } ?? ""
        return "\(samples) of the \(minimum) requests it takes to judge\(future)"
    }

    static func identical(_ samples: Int) -> String {
        "identical on \(samples) requests: at most \(number(300 / Double(samples), decimals: 2)) % may differ"
    }

    static func ownRate(upper: Double?, limit: Double, _ needed: Int?) -> String {
        let bound = upper.map { "could be up to \(number(100 * $0, decimals: 2)) %" } ?? "is unknown"
        let future = needed.map { ": about \(roundedUp($0)) requests would decide" } ?? ""
        return "the candidate's own rate \(bound), it must be proven below \(trimmed(100 * limit)) %\(future)"
    }

    // MARK: Numbers

    /// Fixed-point text, halves away from zero, no minus before a zero; independent of locale.
    static func number(_ x: Double, decimals: Int) -> String {
        let scale = pow(10, Double(decimals))
        let scaled = (abs(x) * scale).rounded()
        guard scaled < 1e15 else { return "\(x)" }
        let digits = String(Int(scaled))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = x < 0 && scaled > 0 ? "-" : ""
        if decimals == 0 { return sign + padded }
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    /// Up to four significant digits without trailing zeros: margins as people wrote them.
    static func trimmed(_ x: Double) -> String {
        guard x.isFinite, x != 0 else { return "0" }
        let decimals = min(9, max(0, 3 - Int(log10(abs(x)).rounded(.down))))
        var text = number(x, decimals: decimals)
        guard text.contains(".") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// Rounded up to two significant digits.
    static func roundedUp(_ n: Int) -> Int {
        var step = 1
        while n / step >= 100 { step *= 10 }
        return (n + step - 1) / step * step
    }
}
