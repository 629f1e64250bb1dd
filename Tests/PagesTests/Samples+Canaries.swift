import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat

/// Canaries: what they compared and found.
extension Samples {
    func check(
        _ name: String,
        _ metric: Metric,
        _ aspect: String = "rate",
        base: Double?,
        candidate: Double?,
        unit: CheckResult.Unit,
        _ estimate: Double?,
        _ lower: Double?,
        _ upper: Double?,
        margin: Double,
        alpha: Double = 0.05,
        _ verdict: Verdict,
        needed: Int? = nil,
        flips: CheckResult.Flips? = nil,
        critical: Bool = false,
        watchOnly: Bool = false
    ) -> CheckResult {
        CheckResult(
            name: text(name),
            metric: metric.rawValue,
            aspect: aspect,
            samples: 2000,
            missing: 0,
            baseline: base,
            candidate: candidate,
            unit: unit,
            estimate: estimate,
            lower: lower,
            upper: upper,
            alphaPass: alpha,
            margin: margin,
            pDegradation: verdict == .fail ? 1e-9 : 0.31,
            pAdjusted: watchOnly ? nil : verdict == .fail ? 4e-9 : 0.93,
            verdict: verdict,
            reason: text("\(name): the judge's words"),
            requestsNeeded: needed,
            detectable: margin * 0.6,
            flips: flips,
            critical: critical,
            watchOnly: watchOnly,
            timed: metric.isTimed
        )
    }

    /// Pairs of the run that failed.
    func canarySamples(_ count: Int) -> [CanarySample] {
        failed.worstPairs.prefix(count).enumerated().map { index, pair in
            CanarySample(
                place: 3 + index * 7,
                pair: pair,
                better: index == 2 ? [Metric.jsonValid.rawValue] : [],
                isDifferent: true
            )
        }
    }

    var failed: CanaryReport {
        report(
            2,
            .fail,
            [
                check(
                    "answers correct",
                    .exactMatch,
                    base: 0.978,
                    candidate: 0.649,
                    unit: .share,
                    0.329,
                    0.304,
                    0.354,
                    margin: 0.02,
                    alpha: 0.01,
                    .fail,
                    flips: .init(gotWorse: 671, gotBetter: 13, bothGood: 1285, bothBad: 31),
                    critical: true
                ),
                check(
                    "valid JSON",
                    .jsonValid,
                    base: 1,
                    candidate: 0.9865,
                    unit: .share,
                    0.0135,
                    0.0083,
                    0.0207,
                    margin: 0.01,
                    alpha: 0.01,
                    .marginal,
                    flips: .init(gotWorse: 27, gotBetter: 0, bothGood: 1973, bothBad: 0),
                    critical: true
                ),
                check(
                    "answers at all",
                    .availability,
                    base: 1,
                    candidate: 1,
                    unit: .share,
                    0,
                    0,
                    0.0015,
                    margin: 0.01,
                    .pass,
                    flips: .init(gotWorse: 0, gotBetter: 0, bothGood: 2000, bothBad: 0)
                ),
                check(
                    "output tokens",
                    .outputTokens,
                    "amount",
                    base: 21.4,
                    candidate: 22.6,
                    unit: .logRatio,
                    0.0546,
                    0.049,
                    0.061,
                    margin: 0.0953,
                    .pass
                ),
                check(
                    "likelihood",
                    .baselineLogProbability,
                    "score",
                    base: -0.012,
                    candidate: -0.388,
                    unit: .own,
                    0.376,
                    0.361,
                    0.391,
                    margin: 0.01,
                    .fail
                ),
                check(
                    "time to first token",
                    .timeToFirstToken,
                    "centre",
                    base: 0.0042,
                    candidate: 0.0039,
                    unit: .logRatio,
                    -0.0741,
                    -0.083,
                    -0.065,
                    margin: 0.0953,
                    .pass,
                    watchOnly: true
                ),
                check(
                    "time per token",
                    .timePerOutputToken,
                    "centre",
                    base: 0.00061,
                    candidate: 0.0007,
                    unit: .logRatio,
                    0.1376,
                    0.119,
                    0.156,
                    margin: 0.0953,
                    .fail,
                    watchOnly: true
                ),
            ]
        )
    }

    var passed: CanaryReport {
        report(
            3,
            .pass,
            [
                check(
                    "answers correct",
                    .exactMatch,
                    base: 0.978,
                    candidate: 0.9765,
                    unit: .share,
                    0.0015,
                    -0.0046,
                    0.0076,
                    margin: 0.02,
                    alpha: 0.01,
                    .pass,
                    flips: .init(gotWorse: 17, gotBetter: 14, bothGood: 1939, bothBad: 30),
                    critical: true
                ),
                check(
                    "valid JSON",
                    .jsonValid,
                    base: 1,
                    candidate: 0.9995,
                    unit: .share,
                    0.0005,
                    0,
                    0.0036,
                    margin: 0.01,
                    alpha: 0.01,
                    .pass,
                    flips: .init(gotWorse: 1, gotBetter: 0, bothGood: 1999, bothBad: 0),
                    critical: true
                ),
            ]
        )
    }

    var undecided: CanaryReport {
        report(
            3,
            .inconclusive,
            [
                check(
                    "answers correct",
                    .exactMatch,
                    base: 0.98,
                    candidate: 0.975,
                    unit: .share,
                    0.005,
                    -0.0141,
                    0.0301,
                    margin: 0.02,
                    alpha: 0.01,
                    .inconclusive,
                    needed: 1240,
                    flips: .init(gotWorse: 3, gotBetter: 2, bothGood: 192, bothBad: 3),
                    critical: true
                )
            ]
        )
    }

    func report(_ candidate: Int, _ verdict: Verdict, _ checks: [CheckResult]) -> CanaryReport {
        let answers = [
            (
                #"{"intent":"refund","order":"48213","priority":"high"}"#,
                #"{"intent":"refund","order":"4821","priority":"high"}"#
            ),
            (
                #"{"intent":"track","order":"90114","priority":"low"}"#,
                #"{"intent":"cancel","order":"90114","priority":"high"}"#
            ),
            (
                #"{"intent":"invoice","order":"31777","priority":"normal"}"#,
                #"{"intent":"invoice","order":"31177","priority":"normal"}"#
            ),
            (
                #"{"intent":"address","order":"55102","priority":"normal"}"#,
                #"{"intent":"address","order":"55102","priority":"normal"#
            ),
            (
                #"{"intent":"cancel","order":"67340","priority":"high"}"#,
                #"{"intent":"cancel","order":"","priority":"high"}"#
            ),
            (
                #"{"intent":"refund","order":"12009","priority":"low"}"#,
                #"{"intent":"refund","order":"12099","priority":"low"}"#
            ),
        ]
        let inputs = [
            "Order 48213 arrived broken. What now?", "wo ist meine bestellung 90114??",
            "Please send the invoice for 31777 again, thanks", "New adress for 55102: Hauptstr. 4",
            "pls cancel 67340 asap", "Refund for 12009, no hurry",
        ]
        let pairs = zip(answers, inputs).enumerated().map { index, pair in
            CanaryReport.Pair(
                request: text("t-\(412 + index * 31)"),
                input: text(pair.1),
                expected: text(pair.0.0),
                baseline: index == 1
                    ? .init(
                        text: text(pair.0.0),
                        thinking: text("An order number, and no word of money."),
                        error: nil,
                        outputTokens: 21
                    ) : .init(text: text(pair.0.0), error: nil, outputTokens: 21),
                candidate: index == 3
                    ? .init(text: nil, error: text("cut off after 64 tokens"), outputTokens: nil)
                    : index == 1
                        ? .init(
                            text: "",
                            calls: [
                                ToolCall(id: text("a"), name: text("cancel"), arguments: text(#"{"order": "90114"}"#))
                            ],
                            error: nil,
                            outputTokens: 20
                        ) : .init(text: text(pair.0.1), error: nil, outputTokens: 20),
                worse: ["exact_match"]
            )
        }
        return CanaryReport(
            canary: identifier(candidate),
            candidate: releaseID(candidate),
            baseline: releaseID(1),
            traffic: week47,
            requests: verdict == .inconclusive ? 200 : 2000,
            judgment: Judgment(
                verdict: verdict,
                reasons: [text("the judge's deciding reason")],
                checks: checks,
                alphaFail: 0.01
            ),
            different: verdict == .pass ? 31 : 702,
            worstPairs: pairs,
            run: .init(
                engineNumerics: 1,
                instructionSet: text("avx512-vnni"),
                build: text("0.1.0"),
                seed: 4242,
                trafficDigest: digest(70),
                documentDigest: digest(71),
                baselineDigest: digest(61),
                candidateDigest: digest(62),
                baselineFirst: 1003,
                warmUp: 8,
                seconds: 72.4,
                resumed: 0
            )
        )
    }

    var document: DocumentRecord {
        DocumentRecord(
            DocumentApplied(
                kind: .canary,
                name: tickets,
                revision: 1,
                digest: digest(71),
                source: text(
                    "apiVersion: serin/v1\nkind: Canary\nname: tickets\ncompare: { traffic: week47, requests: 2000 }\n"
                ),
                shipped: false
            ),
            appliedBy: text("admin"),
            appliedAt: ago(4000)
        )
    }

    func canaryView(_ report: CanaryReport) -> CanaryView {
        CanaryView(
            record: canary(report.canary.number, of: report.candidate.number, report.judgment.verdict),
            report: report,
            document: document,
            extensionNeeded: report.judgment.verdict == .inconclusive ? 1800 : nil
        )
    }

    var runningCanary: CanaryView {
        CanaryView(
            record: canary(4, of: 3, nil),
            progress: WorkProgress(done: 612, total: 2000, elapsedSeconds: 25),
            document: document
        )
    }

    var stoppedCanary: CanaryView {
        let record = canary(5, of: 3, nil)
        return CanaryView(
            record: CanaryRecord(
                record.event,
                outcome: .stopped(text("the engine cannot load ticket-bot@3")),
                startedBy: text("admin"),
                startedAt: ago(900),
                finishedAt: ago(880)
            )
        )
    }
}
