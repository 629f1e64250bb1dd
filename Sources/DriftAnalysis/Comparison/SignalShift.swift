import Foundation
import RegistryRecords
import RegistryTypes
import Statistics
import Wording

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
    /// How it changed against what anybody notices; nil for what is no time.
    var time: TimeChange?
    /// Why nothing is known of it; nil where something is.
    var unseen: String?

    /// Whether it moved for the better: nobody need act.
    var isImprovement: Bool {
        guard family != .capture, let effect, let worse = signal.worse else { return false }
        return worse == .up ? effect < 0 : effect > 0
    }

    /// The smallest p-value of `count` tests of one signal, paid for: 1 - (1 - min p)^count (Sidak 1967).
    static func combined(_ pValues: [Double?]) -> Double? {
        let known = pValues.compactMap { $0 }
        guard let smallest = known.min() else { return nil }
        return smallest >= 1 ? 1 : -expm1(Double(known.count) * log1p(-smallest))
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
            state: state,
            allowed: time.map { signal.text($0.allowedSeconds) },
            unseen: state == .unknown ? unseen : nil
        )
    }
}

/// The value, unless JSON cannot hold it.
func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

extension SignalShift {
    /// Embeddings: the distance of the mean random features against what it is by chance.
    init(embedding reference: DriftReference, _ current: DriftSummary) {
        let before = reference.summary.embedding
        let now = current.embedding
        self.init(
            id: DriftSignal.embedding.rawValue,
            signal: .embedding,
            title: DriftSignal.embedding.title,
            family: .input,
            test: "random features",
            present: (before.count, now.count),
            missing: (before.missing, now.missing),
            unit: .multipleOfNoise,
            floor: DriftSignal.embedding.floor
        )
        guard let null = reference.null, before.count > 0, now.count > 0, null.trace > 0,
            let statistic = meanDiscrepancy(
                before.meanFeatures,
                now.meanFeatures,
                n: Double(before.count),
                m: Double(now.count)
            )
        else { return }
        pValue = null.pValue(of: statistic)
        effect = statistic / null.trace
        sizeOverFloor = statistic / null.trace / floor
        self.reference = "1 times noise"
        self.current = "\(NumberText.significant(statistic / null.trace)) times noise"
        detectable = { alpha in
            null.limit(alpha: alpha).map { ($0 + 0.84 * (2 * null.trace2).squareRoot()) / null.trace }
        }
    }
}
