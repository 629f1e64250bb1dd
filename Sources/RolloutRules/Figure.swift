import Foundation

/// Numbers as a person reads them; the same on every machine.
enum Figure {
    /// One digit after the point at most, and none from 100 on.
    static func tenths(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "beyond measure" }
        let tenths = (value * 10).rounded()
        let isWhole = abs(value) >= 100 || tenths.truncatingRemainder(dividingBy: 10) == 0
        return isWhole ? String(Int(value.rounded())) : String(tenths / 10)
    }

    /// `20 %`.
    static func percent(_ share: Double) -> String { "\(tenths(share * 100)) %" }

    /// Evidence from its logarithm.
    static func evidence(_ logarithm: Double) -> String {
        logarithm > 16 ? "over \(Int(1e6))" : tenths(exp(logarithm))
    }
}
