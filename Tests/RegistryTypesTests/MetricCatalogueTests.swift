import Foundation
import TestSupport
import Testing
import UserDocuments

/// The catalogue of metrics, and the table of it in the documentation.
@Suite struct MetricCatalogueTests {
    @Test func theTableIsMadeFromTheCatalogue() throws {
        let rows = Metric.allCases.map { metric in
            [
                "`\(metric.rawValue)`", metric.summary, Self.unit(of: metric), metric.higherIsWorse ? "more" : "less",
                Self.needs(of: metric), Self.margin(of: metric), "\(metric.minimumSamples)",
            ]
        }
        let head = ["metric", "what it is", "unit", "worse", "needs", "margin", "least"]
        let table = [head, head.map { _ in "---" }] + rows
        #expect(
            try WrittenTable("metrics", of: "docs/metrics.md")
                .says(table.map { "| " + $0.joined(separator: " | ") + " |" }),
            "docs/metrics.md is not of these metrics: UPDATE_GOLDEN=1 writes it"
        )
    }

    private static func unit(of metric: Metric) -> String {
        switch metric.kind {
        case .binary: "share of answers"
        case .duration: "time"
        case .amount:
            switch metric {
            case .cost: "money of the document"
            case .outputTokens: "tokens"
            default: "characters"
            }
        case .score: metric.isShare ? "0 to 1" : "nats per token"
        }
    }

    private static func margin(of metric: Metric) -> String {
        func number(_ value: Double) -> String { String(format: value == value.rounded() ? "%.0f" : "%g", value) }
        func points(_ value: Double) -> String { number(value * 100) + (value == 0.01 ? " point" : " points") }
        switch metric.kind {
        case .binary: return points(metric.defaultMargin)
        case .duration, .amount: return number(metric.defaultMargin * 100) + " %"
        case .score:
            return metric.isShare
                ? points(metric.defaultMargin) : number(metric.defaultMargin) + " nats"
        }
    }

    private static func needs(of metric: Metric) -> String {
        let special: String? =
            switch metric {
            case .jsonValid: "output schema of the prompt"
            case .baselineLogProbability: "an engine that scores"
            case .topTokenChanged, .tokenDivergence: "two models with one vocabulary"
            case .embeddingExpected, .embeddingBaseline: "an engine that places texts"
            default: nil
            }
        let told =
            metric.parameters.needed.map { "`\($0.rawValue)`" }
            + metric.parameters.allowed.map { "`\($0.rawValue)` if wanted" }
        return ((metric.needsLabels ? ["expected answers"] : []) + [special].compactMap { $0 } + told).joined(
            separator: ", "
        )
    }

    /// What a report calls a measure says all of it, in one line of printable ASCII, and names the metric again.
    @Test(arguments: Metric.allCases) func identities(_ metric: Metric) throws {
        #expect(Measure(metric).identity == metric.rawValue)
        var told = MetricParameters()
        told.label = "caf\u{e9} \"(x)\"\n"
        told.texts = ["a", "b"]
        let identity = Measure(metric, told).identity
        #expect(identity == metric.rawValue + #"(label="caf\u{e9} \"(x)\"\u{a}", texts="a" "b")"#)
        #expect(Metric(identity: identity) == metric && Metric(identity: metric.rawValue) == metric)
        #expect(Metric.title(of: identity) == metric.title + " " + String(identity.dropFirst(metric.rawValue.count)))
        #expect(Metric.title(of: metric.rawValue) == metric.title)
        told.texts = [String(repeating: "x", count: 200)]
        #expect(Metric.title(of: Measure(metric, told).identity).utf8.count <= metric.title.utf8.count + 104)
    }

    @Test func whatIsNotKnownKeepsItsName() {
        #expect(Metric.title(of: "of_tomorrow(field=\"a\")") == "of_tomorrow(field=\"a\")")
        #expect(Metric(identity: "of_tomorrow") == nil)
    }
}
