import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments
import WireFormat

/// The numbers of a check, as pages and the command line write them.
struct CheckTextTests {
    private static func texts(
        _ metric: Metric,
        _ unit: CheckResult.Unit,
        _ value: Double?,
        margin: Double
    ) -> [String] {
        let check = CheckResult(
            name: metric.rawValue,
            metric: metric.rawValue,
            aspect: "centre",
            samples: 100,
            missing: 0,
            baseline: value,
            candidate: value,
            unit: unit,
            estimate: value,
            lower: value,
            upper: value,
            alphaPass: 0.05,
            margin: margin,
            pDegradation: nil,
            pAdjusted: nil,
            verdict: .pass,
            reason: "",
            requestsNeeded: nil,
            detectable: nil,
            flips: nil,
            critical: false,
            watchOnly: false,
            timed: false
        )
        let text = CheckText(check)
        return [
            text.degradation(value), text.bare(value), text.amount(value), text.value(value), text.interval, text.level,
        ]
    }

    @Test func sharesArePointsRatiosPercentAndTheRestHasItsOwnUnit() {
        #expect(
            Self.texts(.exactMatch, .share, 0.329, margin: 0.02)
                == ["+32.9 points", "+32.9", "32.9 points", "32.9 %", "90 %: +32.9 … +32.9", "90 %"]
        )
        #expect(Self.texts(.jsonValid, .share, -0.0012, margin: 0.005)[0] == "−0.12 points")
        #expect(
            Self.texts(.totalTime, .logRatio, 0.0935, margin: 0.05)[...3]
                == ["+9.8 %", "+9.8", "9.8 %", "93.5 ms"]
        )
        #expect(Self.texts(.outputTokens, .logRatio, 12.34, margin: 0.1)[3] == "12.3")
        #expect(
            Self.texts(.baselineLogProbability, .own, 0.031, margin: 0.01)[...3]
                == ["+0.031 nats", "+0.031", "0.031 nats", "0.031"]
        )
        #expect(
            Self.texts(.tokenF1, .own, 0.0314, margin: 0.02)[...3] == ["+3.1 points", "+3.1", "3.1 points", "0.031"]
        )
        #expect(Self.texts(.topTokenChanged, .own, 0.5, margin: 0.005)[0] == "+50.00 points")
        #expect(Self.texts(.tokenDivergence, .own, 0.0012, margin: 0.005)[0] == "+0.0012 nats")
        #expect(Self.texts(.cost, .logRatio, 0.00007, margin: 0.1)[3] == "0.000070")
        #expect(
            Self.texts(.exactMatch, .share, nil, margin: 0.02)[...3] == ["unknown", "unknown", "unknown", "unknown"]
        )
    }
}
