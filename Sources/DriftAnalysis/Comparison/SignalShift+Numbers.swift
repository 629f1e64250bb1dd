import Foundation
import RegistryRecords
import RegistryTypes
import Statistics
import Wording

extension SignalShift {
    /// A number: rank test and chi-square over tenths of the reference. The surprise of the prompt adds a comparison of
    /// means and one of the share above the reference's 95 %.
    ///
    /// - Parameter latencyMargin: by how much a time may grow, as the logarithm of a ratio.
    init(
        number signal: DriftSignal,
        _ reference: NumberSummary,
        _ current: NumberSummary,
        latencyMargin: Double = DriftMargins().latency
    ) {
        self.init(
            id: signal.rawValue,
            signal: signal,
            title: signal.title,
            family: signal.family,
            test: "rank and chi-square",
            present: (reference.count, current.count),
            missing: (reference.missing, current.missing),
            unit: .delta,
            floor: signal.floor
        )
        guard reference.count > 0, current.count > 0 else { return }
        describe(reference, current)
        let bins = (reference.bins + current.bins).sorted()
        let fine = bins.indices.filter { $0 == 0 || bins[$0] != bins[$0 - 1] }.map { bins[$0] }
        let ranks = BinnedRanks(reference.counts(edges: fine), current.counts(edges: fine))
        let edges = reference.edges(parts: 10)
        let tenths = (reference.counts(edges: edges), current.counts(edges: edges))
        let table = Homogeneity(tenths.0, tenths.1)?.pooled()
        let pair = [ranks?.pTwoSided, table.map { $0.pValue(of: $0.chiSquared) }]
        jensenShannon = DistributionShift.jensenShannon(tenths.0, tenths.1)?.squareRoot()
        stability = PopulationStability.smoothed(reference: tenths.0, current: tenths.1)
        let sizes = (Double(reference.count), Double(current.count))
        stabilityNoise = PopulationStability.noiseLine(bins: tenths.0.count, n: sizes.0, m: sizes.1, alpha: 0.05)
        wassersteinPerIQR = Self.quantileShift(signal, reference, current)
        if signal == .meanNLL {
            compareSurprise(reference, current, pair: pair, delta: ranks?.cliffsDelta)
            return
        }
        pValue = Self.combined(pair)
        if let change = TimeChange(signal, reference, current, margin: latencyMargin) {
            time = change
            unit = .logRatio
            floor = change.allowed
            effect = change.change
            sizeOverFloor = abs(change.change) / change.allowed
            return
        }
        effect = ranks?.cliffsDelta
        sizeOverFloor = max(abs(effect ?? 0), jensenShannon ?? 0) / floor
        let deviation = ((sizes.0 + sizes.1 + 1) / (3 * sizes.0 * sizes.1)).squareRoot()
        detectable = { Self.needed($0).map { $0 * deviation } }
    }

    /// Ratio of the geometric means of perplexity (Welch on the mean per request), and Fisher's test of the tail.
    private mutating func compareSurprise(
        _ reference: NumberSummary,
        _ current: NumberSummary,
        pair: [Double?],
        delta: Double?
    ) {
        test = "means, tail, rank and chi-square"
        unit = .logRatio
        floor = log(1.03)
        var tests = pair
        var tailGain = 0.0
        if let limit = reference.quantileBin(0.95) {
            let above = (reference.above(limit), current.above(limit))
            tests.append(
                fisherExact((above.0, reference.count - above.0), (above.1, current.count - above.1))
            )
            tailGain = Double(above.1) / Double(current.count) - Double(above.0) / Double(reference.count)
        }
        if let mean = reference.mean, let now = current.mean, let spread = reference.variance,
            let spreadNow = current.variance
        {
            let welch = Welch(
                difference: now - mean,
                varianceOfFirstMean: spreadNow / Double(current.count),
                first: current.count,
                varianceOfSecondMean: spread / Double(reference.count),
                second: reference.count
            )
            tests.append(welch.pTwoSided)
            effect = now - mean
            let error = welch.standardError
            detectable = { Self.needed($0).map { $0 * error } }
        }
        pValue = Self.combined(tests)
        sizeOverFloor = max(
            abs(effect ?? 0) / floor,
            abs(tailGain) / 0.02,
            abs(delta ?? 0) / signal.floor,
            (jensenShannon ?? 0) / signal.floor
        )
    }

    /// Standard errors between no change and one that shows with 80 % power at a two-sided level.
    static func needed(_ alpha: Double) -> Double? {
        guard let z = StandardNormal.quantile(1 - alpha / 2), let power = StandardNormal.quantile(0.8) else {
            return nil
        }
        return z + power
    }

    private static func quantileShift(
        _ signal: DriftSignal,
        _ reference: NumberSummary,
        _ current: NumberSummary
    ) -> Double? {
        func values(_ summary: NumberSummary) -> [Double] {
            summary.bins.map { FixedBins.centre($0, whole: signal.isWhole) }
        }
        guard let low = reference.quantileBin(0.25), let high = reference.quantileBin(0.75),
            let area = wasserstein(
                values(reference),
                values(current),
                weights: (reference.counts.map(Double.init), current.counts.map(Double.init))
            )
        else { return nil }
        let range = FixedBins.centre(high, whole: signal.isWhole) - FixedBins.centre(low, whole: signal.isWhole)
        return range > 0 ? area / range : nil
    }

    /// The median where it moved and the number is spread over orders of magnitude, else the mean.
    private mutating func describe(_ reference: NumberSummary, _ current: NumberSummary) {
        guard let mean = reference.mean, let meanNow = current.mean else { return }
        if signal == .meanNLL {
            self.reference = "perplexity \(NumberText.significant(exp(mean)))"
            self.current = "perplexity \(NumberText.significant(exp(meanNow)))"
            change = NumberText.growth(expm1(meanNow - mean))
            return
        }
        if let bin = reference.quantileBin(0.5), let binNow = current.quantileBin(0.5), bin != binNow, signal.isSpread {
            let values = (
                FixedBins.centre(bin, whole: signal.isWhole), FixedBins.centre(binNow, whole: signal.isWhole)
            )
            self.reference = "median " + signal.text(values.0)
            self.current = "median " + signal.text(values.1)
            change = signal.change(from: values.0, to: values.1)
            return
        }
        self.reference = "mean " + signal.text(mean)
        self.current = "mean " + signal.text(meanNow)
        change = signal.change(from: mean, to: meanNow)
    }
}

extension DriftSignal {
    /// Whether its numbers are whole.
    var isWhole: Bool {
        switch self {
        case .promptTokens, .completionTokens, .lineBreaks, .turns: true
        default: false
        }
    }

    /// Whether its numbers differ by orders of magnitude, so that a median says more than a mean.
    var isSpread: Bool { unit == "tokens" || unit == "s" }
}
