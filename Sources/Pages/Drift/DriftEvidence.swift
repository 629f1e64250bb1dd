import Foundation
import RegistryRecords
import RegistryTypes
import Wording

/// The small print of a drift report: every signal with its test, and what the report was made from.
struct DriftEvidence: Hashable, Sendable {
    /// A signal.
    struct Row: Hashable, Sendable {
        let title: HTMLText
        let family: HTMLText
        let badge: StatusBadge
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

    let hasRows: Bool
    let rows: [Row]
    let sources: [Fact]

    init(_ report: DriftReport) {
        hasRows = !report.tests.isEmpty
        rows = report.tests.prefix(40).map(DriftEvidence.row)
        sources = [
            Fact(
                "Reference",
                "\(TimeText.span(report.reference.from, report.reference.to)), \(NumberText.count(report.reference.requests, "request")), \(report.source.baseline)"
            ),
            Fact(
                "Window",
                "\(TimeText.span(report.window.from, report.window.to)), \(NumberText.count(report.window.requests, "request")), \(report.source.window)"
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
            badge: test.state.badge,
            test: HTMLText(test.test, limit: 60),
            counts: "\(NumberText.count(test.referenceCount)) / \(NumberText.count(test.currentCount))",
            missing: "\(NumberText.count(test.referenceMissing)) / \(NumberText.count(test.currentMissing))",
            change: HTMLText(test.change ?? test.unseen ?? "–", limit: 80),
            effect: HTMLText(test.effect.map { size($0, test.effectUnit) } ?? "–"),
            floor: HTMLText(test.allowed.map { "to \($0)" } ?? size(test.floor, test.effectUnit)),
            detectable: HTMLText(test.detectable.map { size($0, test.effectUnit) } ?? "–"),
            p: HTMLText(test.pValue.map(NumberText.probability) ?? "–"),
            holm: HTMLText(test.pHolm.map(NumberText.probability) ?? "–"),
            adjusted: HTMLText(test.pAdjusted.map(NumberText.probability) ?? "–"),
            distance: HTMLText(test.jensenShannon.map { NumberText.decimal($0, 3) } ?? "–"),
            stability: HTMLText(
                test.stability.map { index in
                    NumberText.decimal(index, 3)
                        + (test.stabilityNoise.map { " (noise \(NumberText.decimal($0, 3)))" } ?? "")
                } ?? "–"
            )
        )
    }

    /// An effect in its own unit.
    private static func size(_ value: Double, _ unit: DriftTest.EffectUnit) -> String {
        switch unit {
        case .delta: NumberText.decimal(value, 3)
        case .share: NumberText.points(value, signed: false)
        case .logRatio: NumberText.growth(expm1(value), signed: false)
        case .multipleOfNoise: NumberText.decimal(value, 2) + " × noise"
        }
    }
}

extension DriftTest.State {
    /// What the line of the report says.
    var badge: StatusBadge {
        switch self {
        case .stable: StatusBadge("✔", "stable", .ok)
        case .small: StatusBadge("•", "small", .info)
        case .undecided: StatusBadge("?", "undecided", .off)
        case .moved: StatusBadge("▲", "moved", .notice)
        case .better: StatusBadge("✔", "better", .ok)
        case .muted: StatusBadge("–", "muted", .off)
        case .unknown: StatusBadge("?", "no data", .off)
        }
    }
}
