import Digests
import RegistryRecords
import WireFormat

/// A drift report of traffic whose language moved, and one that is still learning.
extension Samples {
    func driftRow(_ number: Int, _ verdict: String) -> DriftRow {
        DriftRow(
            id: identifier(number),
            model: model,
            channel: production,
            verdict: verdict,
            sentence: text("language: de went from 31 % to 78 %; answers are not shown to be worse"),
            since: ago(3600),
            until: ago(60),
            requests: 1204,
            at: ago(30),
            by: text("admin")
        )
    }

    func baseline(_ number: Int, isInForce: Bool = true) -> BaselineView {
        BaselineView(
            id: "b-\(number)",
            model: model,
            channel: production,
            since: ago(90_000),
            until: ago(4000),
            requests: 5003,
            state: isInForce ? BaselineView.inForce : BaselineView.replaced,
            digest: "sha256:11",
            referenceModel: versionID(1),
            setBy: text("admin"),
            setAt: ago(3990),
            releases: isInForce ? [1, 3] : [1, 2, 3],
            rejected: isInForce ? [] : [2]
        )
    }

    func driftView(_ verdict: DriftVerdict) -> DriftView {
        DriftView(row: driftRow(88, verdict.rawValue), report: driftReport(verdict), changes: driftChanges(verdict))
    }

    private func driftChanges(_ verdict: DriftVerdict) -> [TimelineRow] {
        verdict == .ticket ? [event(1200, "move", "production: r1 → r3", event: 51)] : []
    }

    private func driftReport(_ verdict: DriftVerdict) -> DriftReport {
        let moved = verdict == .ticket
        return DriftReport(
            id: identifier(88),
            model: model,
            channel: production,
            reference: DriftWindow(from: ago(90_000), to: ago(4000), requests: 5003),
            window: DriftWindow(from: ago(3600), to: ago(60), requests: 1204),
            releases: [1, 3],
            verdict: verdict,
            sentence: text(
                moved
                    ? "language moved: de 31 % → 78 %; answers are not shown to be worse"
                    : "the reference is not complete"
            ),
            action: DriftAction(
                sentence: text("Freeze the window and run a canary on it."),
                command: text("serin traffic freeze german --since 1h --sample 500")
            ),
            leading: moved ? "language" : nil,
            degradations: moved ? degradations : [],
            moved: moved ? Array(driftTests.prefix(2)) : [],
            quiet: moved ? 21 : 0,
            faults: moved
                ? [DriftFault(field: "embedding", family: nil, reason: text("no embedding in 3 of 1,204 requests"))]
                : [],
            unseen: moved
                ? [
                    DriftUnseen(
                        signal: "language",
                        values: [text("fr"), "pl"],
                        requests: 14,
                        share: 0.0116,
                        lower: 0.0064,
                        upper: 0.0194,
                        unremarkable: 0.0006
                    )
                ] : [],
            dropped: 2,
            course: moved ? course : nil,
            bars: moved ? driftBars : [],
            explanation: moved ? driftExplanation : nil,
            places: moved
                ? [DriftShare(dimension: "language", value: text("de"), reference: 0.31, current: 0.78, part: 0.64)]
                : [],
            tests: moved ? driftTests : [],
            learning: moved ? nil : .init(requests: 312, wantedRequests: 5000, days: 0, wantedDays: 7),
            source: DriftSource(
                baseline: digest(3),
                window: digest(4),
                referenceModel: digest(5),
                featureSeed: 20_261_121,
                scale: 1
            )
        )
    }

    private var degradations: [DriftDegradation] {
        [
            DriftDegradation(
                signal: "correct",
                title: text("answers wrong"),
                reference: "5.3 %",
                current: "5.9 %",
                change: 0.006,
                lower: -0.012,
                upper: 0.027,
                margin: 0.03,
                isRatio: false,
                state: .withinMargin
            ),
            DriftDegradation(
                signal: "errors",
                title: "errors",
                reference: "0.02 %",
                current: "0.08 %",
                change: 0.0006,
                lower: 0,
                upper: 0.003,
                margin: 0.002,
                isRatio: false,
                state: .unclear
            ),
            DriftDegradation(
                signal: "total",
                title: "total time",
                reference: "21 ms",
                current: "32 ms",
                change: 0.42,
                lower: 0.36,
                upper: 0.48,
                margin: 0.1823,
                isRatio: true,
                state: .beyondMargin
            ),
            DriftDegradation(
                signal: "thumbs",
                title: "thumbs down",
                margin: 0.03,
                isRatio: false,
                state: .unknown
            ),
        ]
    }

    private var driftTests: [DriftTest] {
        [
            DriftTest(
                signal: "language",
                title: text("language"),
                family: .input,
                test: "chi-square",
                referenceCount: 5003,
                currentCount: 1204,
                referenceMissing: 0,
                currentMissing: 0,
                reference: "de 31 %",
                current: "de 78 %",
                change: text("+47 points"),
                pValue: 1e-12,
                pHolm: 2e-11,
                pAdjusted: 1e-11,
                effect: 0.47,
                effectUnit: .share,
                floor: 0.05,
                sizeOverFloor: 9.4,
                detectable: 0.031,
                jensenShannon: 0.388,
                stability: 0.912,
                stabilityNoise: 0.012,
                state: .moved
            ),
            DriftTest(
                signal: "promptTokens",
                title: "prompt tokens",
                family: .input,
                test: "rank + chi-square",
                referenceCount: 5003,
                currentCount: 1204,
                referenceMissing: 0,
                currentMissing: 0,
                reference: "median 41",
                current: "median 44",
                change: "+7 %",
                pValue: 0.0002,
                pHolm: 0.003,
                pAdjusted: 0.001,
                effect: 0.21,
                effectUnit: .delta,
                floor: 0.147,
                sizeOverFloor: 1.4,
                detectable: 0.09,
                jensenShannon: 0.12,
                wassersteinPerIQR: 0.3,
                stability: 0.09,
                stabilityNoise: 0.014,
                state: .moved
            ),
            DriftTest(
                signal: "outputTokens",
                title: "output tokens",
                family: .output,
                test: "rank",
                referenceCount: 5003,
                currentCount: 1204,
                referenceMissing: 0,
                currentMissing: 3,
                reference: "median 22",
                current: "median 22",
                change: "0 %",
                pValue: 0.41,
                pHolm: 1,
                pAdjusted: 0.7,
                effect: 0.01,
                effectUnit: .delta,
                floor: 0.147,
                sizeOverFloor: 0.1,
                detectable: 0.09,
                state: .stable
            ),
            DriftTest(
                signal: "thumbs",
                title: "thumbs down",
                family: .quality,
                test: "two proportions",
                referenceCount: 0,
                currentCount: 0,
                referenceMissing: 5003,
                currentMissing: 1204,
                effectUnit: .share,
                floor: 0.03,
                sizeOverFloor: 0,
                state: .unknown
            ),
        ]
    }

    private var course: DriftCourse {
        DriftCourse(
            signal: "language",
            title: text("language"),
            unit: "%",
            what: "share of de",
            bandLower: 22,
            bandUpper: 41,
            points: (0..<48).filter { $0 != 20 && $0 != 21 }.map { index in
                DriftCourse.Point(
                    at: ago(4 * 3600 - Double(index) * 300),
                    seconds: 300,
                    requests: 90 + index,
                    value: (index > 33 ? 76 : 31) + Double(index * 5 % 9) - 4
                )
            }
        )
    }

    private var driftBars: [DriftBars] {
        [
            DriftBars(
                signal: "language",
                title: text("language"),
                unit: "",
                parts: [("de", 0.31, 0.78), ("en", 0.64, 0.2), ("fr", 0, 0.011)].map {
                    .init(label: text($0.0), reference: $0.1, current: $0.2)
                }
            ),
            DriftBars(
                signal: "promptTokens",
                title: "prompt tokens",
                unit: "tokens",
                parts: (0..<10).map {
                    .init(
                        label: "\(12 + $0 * 6) to \(17 + $0 * 6)",
                        reference: 0.1,
                        current: 0.05 + Double($0) * 0.0111
                    )
                }
            ),
        ]
    }

    private var driftExplanation: DriftExplanation {
        DriftExplanation(
            requests: 120,
            separation: 0.87,
            lines: [
                .init(title: text("language"), unusual: text("de 99 %"), rest: "de 76 %"),
                .init(title: "answers wrong", unusual: "14.2 %", rest: "5.0 %"),
            ],
            examples: [
                .init(
                    request: requestID(14),
                    input: text("Bestellung 48213 kam kaputt an, bitte an <EMAIL_1> schreiben.")
                ),
                .init(request: requestID(13), input: nil),
            ]
        )
    }
}
