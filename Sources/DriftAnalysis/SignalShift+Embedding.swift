import Foundation
import RegistryRecords
import RegistryTypes
import Statistics
import Wording

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
