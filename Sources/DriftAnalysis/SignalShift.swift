import Foundation
import RegistryRecords

/// What one signal showed, before it is known how many others were tested with it.
struct SignalShift {
    let id: String
    let signal: DriftSignal
    let title: String
    let family: DriftFamily
    var test: String
    var present: (reference: Int, current: Int)
    var missing: (reference: Int, current: Int)
    var reference: String?
    var current: String?
    var change: String?
    var pValue: Double?
    var effect: Double?
    var unit: DriftTest.EffectUnit
    var floor: Double
    /// How often the effect is its floor, by whichever measure is largest.
    var sizeOverFloor = 0.0
    var jensenShannon: Double?
    var wassersteinPerIQR: Double?
    var stability: Double?
    var stabilityNoise: Double?
    /// The smallest effect that shows with 80 % power at a two-sided level.
    var detectable: (_ alpha: Double) -> Double? = { _ in nil }
    /// The value of a category that moved most.
    var value: String?

    /// The smallest p-value of `count` tests of one signal, paid for: 1 - (1 - min p)^count (Sidak 1967).
    static func combined(_ pValues: [Double?]) -> Double? {
        let known = pValues.compactMap { $0 }
        guard let least = known.min() else { return nil }
        return least >= 1 ? 1 : -expm1(Double(known.count) * log1p(-least))
    }

    func result(pHolm: Double?, pAdjusted: Double?, state: DriftTest.State, tests: Int) -> DriftTest {
        DriftTest(
            signal: id,
            title: title,
            family: family,
            test: test,
            referenceCount: present.reference,
            currentCount: present.current,
            referenceMissing: missing.reference,
            currentMissing: missing.current,
            reference: reference,
            current: current,
            change: change,
            pValue: pValue,
            pHolm: pHolm,
            pAdjusted: pAdjusted,
            effect: effect.flatMap(finite),
            effectUnit: unit,
            floor: floor,
            sizeOverFloor: finite(sizeOverFloor) ?? 0,
            detectable: detectable(DriftReport.ticketLevel / Double(max(1, tests))).flatMap(finite),
            jensenShannon: jensenShannon.flatMap(finite),
            wassersteinPerIQR: wassersteinPerIQR.flatMap(finite),
            stability: stability.flatMap(finite),
            stabilityNoise: stabilityNoise.flatMap(finite),
            state: state
        )
    }
}

/// The value, unless JSON cannot hold it.
func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
