import Digests
import Foundation
import RegistryTypes
import WireFormat

/// Values for pages that never change, so that pages can be compared with files.
///
/// `text` is put into every field that a user or a model can fill, so that the same values serve the hostile tests.
struct Samples {
    /// What users and models wrote; nil for the benign texts.
    let hostile: String?

    init(hostile: String? = nil) { self.hostile = hostile }

    func text(_ benign: String) -> String { hostile ?? benign }

    let model = try! Name("ticket-bot")
    let production = try! Name("production")
    let triage = try! Name("triage")
    let week47 = try! Name("week47")
    let golden = try! Name("golden")
    let tickets = try! Name("tickets")
    let now = Timestamp(milliseconds: 1_795_260_044_120)

    func digest(_ seed: UInt8) -> Digest { try! Digest(bytes: (0..<32).map { $0 &* 7 &+ seed }) }
    func ago(_ seconds: Double) -> Timestamp { now.adding(seconds: -seconds) }
    func versionID(_ number: Int) -> VersionID { VersionID(model, number) }
    func releaseID(_ number: Int) -> ReleaseID { ReleaseID(model, number) }
    func identifier<Kind>(_ number: Int) -> Identifier<Kind> { Identifier(number) }
}

extension Samples {
    var facts: ModelFacts {
        ModelFacts(
            architecture: text("llama"),
            parameterCount: 1_254_400,
            contextLength: 512,
            layerCount: 4,
            width: 160,
            headCount: 5,
            keyValueHeadCount: 5,
            vocabularySize: 512,
            tokenizer: text("gpt2/gpt-2"),
            precision: text("Q8_0"),
            tensorTypes: [text("F32"): 9, "Q8_0": 29],
            license: text("apache-2.0")
        )
    }

    var card: CardSummary {
        CardSummary(
            completeness: 0.9,
            present: ["intendedUse", "license"],
            missing: [text("risks")],
            license: text("apache-2.0")
        )
    }

    func version(_ number: Int, quarantined: String? = nil) -> VersionRecord {
        let files = [
            try! ArtifactFile(path: "card.md", digest: digest(9), sizeBytes: 2_310, role: .card),
            try! ArtifactFile(
                path: "ticket-bot.gguf",
                digest: digest(UInt8(number)),
                sizeBytes: number == 1 ? 1_412_960 : 834_112,
                role: .weights
            ),
        ]
        let lineage = number > 1 ? Manifest.Lineage(from: versionID(1), method: try! Name("quantize")) : nil
        return VersionRecord(
            id: versionID(number),
            manifest: try! Manifest(files: files, lineage: lineage),
            digest: digest(UInt8(20 + number)),
            message: text(["first version", "4-bit, half the size", "4-bit, scales kept"][(number - 1) % 3]),
            facts: facts,
            smoke: SmokeResult(
                passed: true,
                loadSeconds: 0.012,
                tokensPerSecond: 2140,
                residentBytes: 3_400_000,
                tokenizerRoundTrip: true
            ),
            card: card,
            publishedBy: text("admin"),
            publishedAt: ago(3600 * Double(9 - number)),
            quarantined: quarantined
        )
    }

    func release(_ number: Int, rejected: String? = nil) -> ReleaseRecord {
        ReleaseRecord(
            id: releaseID(number),
            content: ReleaseContent(
                version: number,
                manifest: digest(UInt8(20 + number)),
                prompt: VersionID(triage, 1),
                promptDigest: digest(40),
                decoding: DecodingSettings(temperature: 0, maxTokens: 64, stop: [text("\n")])
            ),
            digest: digest(UInt8(60 + number)),
            createdBy: text("admin"),
            createdAt: ago(3000),
            rejected: rejected,
            rejectedAt: rejected == nil ? nil : ago(600)
        )
    }

    func move(_ seq: Int, from: Int?, to: Int, how: MoveKind, settled: Bool, reason: String? = nil) -> ChannelMove {
        ChannelMove(
            seq: seq,
            model: model,
            channel: production,
            from: from,
            to: to,
            how: how,
            decision: how == .rolledBack ? nil : identifier(seq - 1),
            reason: reason.map { text($0) },
            settled: settled,
            by: text("admin"),
            at: ago(Double(2000 - seq * 20))
        )
    }

    var moves: [ChannelMove] {
        [
            move(41, from: 2, to: 1, how: .rolledBack, settled: true, reason: "JSON broken for refunds"),
            move(38, from: 1, to: 2, how: .overridden, settled: false, reason: "demo: what if we force it"),
            move(12, from: nil, to: 1, how: .promoted, settled: true),
        ]
    }

    func channel(_ how: ChannelMove, rollbackTo: Int?) -> ChannelRecord {
        ChannelRecord(model: model, channel: production, release: how.to, move: how, rollbackTo: rollbackTo)
    }

    func canary(_ number: Int, of candidate: Int, _ state: CanaryState, _ verdict: Verdict?) -> CanaryRecord {
        CanaryRecord(
            id: identifier(number),
            candidate: releaseID(candidate),
            baseline: releaseID(1),
            traffic: week47,
            trafficDigest: digest(70),
            document: tickets,
            documentDigest: digest(71),
            requests: 2000,
            seed: 4242,
            state: state,
            verdict: verdict,
            summary: verdict.map { text("answers correct: \($0.rawValue)") },
            evidence: verdict == nil ? nil : digest(72),
            requestsNeeded: verdict == .inconclusive ? 1240 : nil,
            failedChecks: verdict == .fail ? [text("answers correct")] : [],
            startedBy: text("admin"),
            startedAt: ago(900),
            finishedAt: verdict == nil ? nil : ago(820)
        )
    }

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
            pHarm: verdict == .fail ? 1e-9 : 0.31,
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
                baseline: .init(text: text(pair.0.0), error: nil, outputTokens: 21),
                candidate: index == 3
                    ? .init(text: nil, error: text("cut off after 64 tokens"), outputTokens: nil)
                    : .init(text: text(pair.0.1), error: nil, outputTokens: 20),
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
            kind: .canary,
            name: tickets,
            revision: 1,
            digest: digest(71),
            source: text(
                "apiVersion: serin/v1\nkind: Canary\nname: tickets\ncompare: { traffic: week47, requests: 2000 }\n"
            ),
            shipped: false,
            appliedBy: text("admin"),
            appliedAt: ago(4000)
        )
    }

    func canaryView(_ report: CanaryReport) -> CanaryView {
        CanaryView(
            record: canary(report.canary.number, of: report.candidate.number, .judged, report.judgment.verdict),
            report: report,
            document: document
        )
    }

    var runningCanary: CanaryView {
        CanaryView(
            record: canary(4, of: 3, .running, nil),
            progress: WorkProgress(done: 612, total: 2000, elapsedSeconds: 25),
            document: document
        )
    }

    var stoppedCanary: CanaryView {
        let record = canary(5, of: 3, .stopped, nil)
        return CanaryView(
            record: CanaryRecord(
                id: record.id,
                candidate: record.candidate,
                baseline: record.baseline,
                traffic: record.traffic,
                trafficDigest: record.trafficDigest,
                document: record.document,
                documentDigest: record.documentDigest,
                requests: record.requests,
                seed: record.seed,
                state: .stopped,
                summary: text("the engine cannot load ticket-bot@3"),
                failedChecks: [],
                startedBy: text("admin"),
                startedAt: ago(900),
                finishedAt: ago(880)
            )
        )
    }

    var evaluations: [EvaluationRecord] {
        [3, 2, 1].map { number in
            EvaluationRecord(
                id: identifier(50 + number),
                release: releaseID(number),
                suite: golden,
                suiteDigest: digest(80),
                scores: scores(good: [294, 199, 293][number - 1]),
                evidence: digest(81),
                by: text("admin"),
                at: ago(800)
            )
        }
    }

    func scores(good: Int) -> [EvaluationResult.Score] {
        [
            .init(
                metric: "exact_match",
                good: good,
                samples: 300,
                value: Double(good) / 300,
                lower95: Double(good) / 300 - 0.03
            ),
            .init(metric: "json_valid", good: 300, samples: 300, value: 1, lower95: 0.991),
        ]
    }

    func gate(
        _ id: String,
        _ level: Gate.Level,
        _ state: GateState,
        required: String,
        found: String,
        remedy: String? = nil,
        evidence: [String] = [],
        blocks: Bool = false
    ) -> GateResult {
        GateResult(
            id: try! Name(id),
            type: id,
            level: level,
            state: state,
            required: text(required),
            found: text(found),
            remedy: remedy.map { text($0) },
            evidence: evidence,
            blocks: blocks
        )
    }

    func decision(_ release: Int, _ outcome: Decision.Outcome, override: Override? = nil) -> Decision {
        let isBad = outcome != .allowed
        return Decision(
            id: identifier(11 + release),
            release: releaseID(release),
            channel: production,
            policy: PolicyReference(PolicyRevision(document: policyDocument, revision: 2, digest: digest(90))),
            time: ago(700),
            outcome: outcome,
            override: override,
            gates: [
                gate("smoke", .mandatory, .pass, required: "passed", found: "loads in 12 ms"),
                gate("card", .mandatory, .pass, required: "complete 80 %, has license", found: "90 % complete"),
                gate(
                    "golden",
                    .overridable,
                    isBad ? .fail : .pass,
                    required: "exact match at least 93 % (lower bound)",
                    found: isBad ? "63.3 % over 300 cases" : "96.0 % over 300 cases",
                    remedy: isBad ? "serin eval run ticket-bot@r\(release) --suite golden" : nil,
                    evidence: ["e-52"],
                    blocks: isBad
                ),
                gate(
                    "canary",
                    .overridable,
                    override != nil ? .overridden : isBad ? .fail : .pass,
                    required: "verdict pass, at most 7 d old",
                    found: isBad ? "c-2 is fail (answers correct)" : "c-3 is pass",
                    remedy: isBad ? "serin canary run ticket-bot@r\(release)" : nil,
                    evidence: ["c-\(release)"],
                    blocks: isBad
                ),
            ],
            facts: PolicyFacts(version: versionID(release), card: card)
        )
    }

    var policyDocument: PolicyDocument {
        PolicyDocument(
            name: production,
            scope: .init(channel: production, models: [ModelPattern("*")!]),
            gates: [
                Gate(id: try! Name("smoke"), level: .mandatory, requirement: .smoke),
                Gate(
                    id: try! Name("card"),
                    level: .mandatory,
                    requirement: .card(CardRequirement(complete: 0.8, require: [.license, .intendedUse]))
                ),
                Gate(
                    id: golden,
                    level: .overridable,
                    requirement: .evaluation(
                        EvaluationRequirement(suite: golden, metric: .exactMatch, atLeast: 0.93, minSamples: 200)
                    )
                ),
                Gate(
                    id: try! Name("canary"),
                    level: .overridable,
                    requirement: .canary(CanaryRequirement(verdict: .pass, using: tickets, maxAgeSeconds: 604_800))
                ),
            ]
        )
    }

    var policyRecord: DocumentRecord {
        DocumentRecord(
            kind: .policy,
            name: production,
            revision: 2,
            digest: digest(90),
            source: text("apiVersion: serin/v1\nkind: Policy\nname: production\n"),
            shipped: false,
            appliedBy: text("admin"),
            appliedAt: ago(5000)
        )
    }

    var decisions: [DecisionSummary] {
        [
            DecisionSummary(
                id: identifier(14),
                release: releaseID(3),
                channel: production,
                allowed: true,
                overridden: false,
                at: ago(500)
            ),
            DecisionSummary(
                id: identifier(13),
                release: releaseID(2),
                channel: production,
                allowed: true,
                overridden: true,
                at: ago(600)
            ),
            DecisionSummary(
                id: identifier(12),
                release: releaseID(2),
                channel: production,
                allowed: false,
                overridden: false,
                at: ago(700)
            ),
        ]
    }

    func prompt(_ number: Int) -> PromptRecord {
        PromptRecord(
            id: VersionID(triage, number),
            digest: digest(UInt8(40 + number)),
            document: PromptDocument(
                name: triage,
                format: .chatml,
                messages: [
                    PromptMessage(role: .system, text: text("Return one JSON object: intent, order, priority.")),
                    PromptMessage(role: .user, text: text("{{ticket}}")),
                ],
                variables: [PromptVariable(name: text("ticket"), isRequired: true, maxLength: 2000)],
                output: try? OutputSchema(
                    .object([
                        "type": .string("object"), "title": .string(text("answer")),
                        "required": .array([.string("intent")]),
                    ])
                ),
                decoding: DecodingSettings(temperature: 0, maxTokens: 64)
            ),
            message: text("shorter, asks for JSON first"),
            pushedBy: text("admin"),
            pushedAt: ago(4000 - Double(number))
        )
    }

    var events: [Event] {
        let bodies: [(any Encodable, String, String)] = [
            (
                ChannelMoved(
                    model: model,
                    channel: production,
                    from: 1,
                    to: 3,
                    how: .promoted,
                    decision: identifier(14),
                    reason: text("faster, same quality"),
                    settled: true
                ), "channel.moved", "ticket-bot@production"
            ),
            (
                CanaryJudged(
                    id: identifier(3),
                    verdict: .pass,
                    summary: text("answers correct"),
                    evidence: digest(1),
                    evidenceSizeBytes: 9000,
                    failedChecks: []
                ), "canary.judged", "c-3"
            ),
            (KeyCreated(name: try! Name("admin"), role: .admin, tokenHash: digest(3)), "key.created", "admin"),
        ]
        return bodies.enumerated().map { index, entry in
            Event(
                seq: 43 - index,
                time: ago(Double(index) * 60),
                actor: text("admin"),
                kind: entry.1,
                subject: entry.2,
                body: String(decoding: try! CanonicalJSON.encode(entry.0), as: UTF8.self),
                previous: digest(4),
                hash: digest(UInt8(100 + index))
            )
        } + [
            Event(
                seq: 1,
                time: ago(9000),
                actor: text("admin"),
                kind: text("made.up"),
                subject: text("anything"),
                body: text("{}"),
                previous: digest(4),
                hash: digest(5)
            )
        ]
    }

    var trafficRecord: TrafficRecord {
        TrafficRecord(
            name: week47,
            digest: digest(70),
            sizeBytes: 312_400,
            requests: 2000,
            labelled: 2000,
            importedBy: text("admin"),
            importedAt: ago(8000)
        )
    }
}
