import Digests
import Foundation
import RegistryRecords
import RegistryTypes

/// The small print of a drift report: every signal with its test, and what the report was made from.
struct DriftEvidence: Hashable, Sendable {
    /// A signal.
    struct Row: Hashable, Sendable {
        let title: HTMLText
        let family: HTMLText
        let mark: Mark
        let test: HTMLText
        let counts: HTMLText
        let missing: HTMLText
        let change: HTMLText
        let effect: HTMLText
        let floor: HTMLText
        let detectable: HTMLText
        let p: HTMLText
        let holm: HTMLText
        let adjusted: HTMLText
        let distance: HTMLText
        let stability: HTMLText
    }

    let rows: [Row]
    let sources: [Fact]

    init(_ report: DriftReport) {
        rows = report.tests.prefix(40).map(DriftEvidence.row)
        sources = [
            Fact(
                "Reference",
                "\(Words.span(report.reference.from, report.reference.to)), \(Figures.count(report.reference.requests, "request")), \(report.source.baseline)"
            ),
            Fact(
                "Window",
                "\(Words.span(report.window.from, report.window.to)), \(Figures.count(report.window.requests, "request")), \(report.source.window)"
            ),
            Fact(
                "Reference model",
                report.source.referenceModel.map { "\($0)" } ?? "none: no likelihoods and no embeddings"
            ),
            Fact("Random features", report.source.featureSeed.map { "seed \($0)" } ?? "none"),
            Fact("Bins", "version \(report.source.scale)"),
            Fact("Coverage", "not measured: how much of this traffic the evaluation sets are like"),
        ]
    }

    private static func row(_ test: DriftTest) -> Row {
        Row(
            title: HTMLText(test.title, limit: 60),
            family: HTMLText(test.family.rawValue),
            mark: Mark(test.state),
            test: HTMLText(test.test, limit: 60),
            counts: "\(Figures.count(test.referenceCount)) / \(Figures.count(test.currentCount))",
            missing: "\(Figures.count(test.referenceMissing)) / \(Figures.count(test.currentMissing))",
            change: HTMLText(test.change ?? "–", limit: 60),
            effect: HTMLText(test.effect.map { size($0, test.effectUnit) } ?? "–"),
            floor: HTMLText(size(test.floor, test.effectUnit)),
            detectable: HTMLText(test.detectable.map { size($0, test.effectUnit) } ?? "–"),
            p: HTMLText(test.pValue.map(probability) ?? "–"),
            holm: HTMLText(test.pHolm.map(probability) ?? "–"),
            adjusted: HTMLText(test.pAdjusted.map(probability) ?? "–"),
            distance: HTMLText(test.jensenShannon.map { Figures.decimal($0, 3) } ?? "–"),
            stability: HTMLText(
                test.stability.map { index in
                    Figures.decimal(index, 3) + (test.stabilityNoise.map { " (noise \(Figures.decimal($0, 3)))" } ?? "")
                } ?? "–"
            )
        )
    }

    /// An effect in its own unit.
    private static func size(_ value: Double, _ unit: DriftTest.EffectUnit) -> String {
        switch unit {
        case .delta: Figures.decimal(value, 3)
        case .share: Figures.decimal(value * 100, 1) + " points"
        case .logRatio: Figures.decimal(percent(value), 1) + " %"
        case .multipleOfNoise: Figures.decimal(value, 2) + " × noise"
        }
    }

    /// The logarithm of a ratio as a change in percent.
    static func percent(_ logarithm: Double) -> Double { (exp(logarithm) - 1) * 100 }

    /// A p-value; what cannot be told from zero is "< 0.0001".
    private static func probability(_ value: Double) -> String {
        value < 0.0001 ? "< 0.0001" : Figures.decimal(value, 4)
    }
}
