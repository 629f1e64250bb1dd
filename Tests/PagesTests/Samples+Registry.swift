import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import StrictJSON
import UserDocuments
import WireFormat

/// Evaluations, decisions, prompts, events and traffic.
extension Samples {
    var evaluations: [EvaluationRecord] {
        [3, 2, 1].map { number in
            EvaluationRecord(
                EvaluationFinished(
                    id: identifier(50 + number),
                    release: releaseID(number),
                    suite: golden,
                    suiteDigest: digest(80),
                    scores: scores(good: [294, 199, 293][number - 1]),
                    evidence: digest(81),
                    evidenceSizeBytes: nil
                ),
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

    /// What a policy says of a release that no engine here runs.
    func decisionWithoutEngine(_ outcome: Decision.Outcome) -> Decision {
        let blocks = outcome != .allowed
        return Decision(
            id: identifier(19),
            release: releaseID(5),
            channel: production,
            policy: PolicyReference(PolicyRevision(document: policyDocument, revision: 2, digest: digest(90))),
            time: ago(700),
            outcome: outcome,
            override: nil,
            gates: [
                gate("card", .mandatory, .pass, required: "complete 80 %", found: "90 % complete"),
                gate(
                    "engine",
                    .mandatory,
                    blocks ? .fail : .pass,
                    required: blocks
                        ? "an engine here that runs it, for policy production allows no release without one"
                        : "policy production allows a release without an engine",
                    found: text("ticket-bot@5 cannot be run here: its weights are safetensors"),
                    remedy: blocks ? "serin policy show production" : nil,
                    blocks: blocks
                ),
            ],
            facts: PolicyFacts(version: versionID(5), cannotRun: [text("its weights are safetensors")])
        )
    }

    var policyDocument: PolicyDocument {
        PolicyDocument(
            name: production,
            scope: .init(channel: production, models: [ModelPattern("*")].compactMap { $0 }),
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
            DocumentApplied(
                kind: .policy,
                name: production,
                revision: 2,
                digest: digest(90),
                source: text("apiVersion: serin/v1\nkind: Policy\nname: production\n"),
                shipped: false
            ),
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
            PromptPushed(
                id: VersionID(triage, number),
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
                message: text("shorter, asks for JSON first")
            ),
            digest: digest(UInt8(40 + number)),
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
            TrafficImported(
                name: week47,
                digest: digest(70),
                sizeBytes: 312_400,
                requests: 2000,
                labelled: 2000
            ),
            importedBy: text("admin"),
            importedAt: ago(8000)
        )
    }
}
