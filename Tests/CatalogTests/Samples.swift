import Catalog
import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import UserDocuments

/// Events for tests.
enum Samples {
    static let model = try? Name("ticket-bot")

    static func digest(_ text: String) -> Digest { Digest(of: Data(text.utf8)) }

    static func time(_ seconds: Int) -> Timestamp { Timestamp(milliseconds: 1_795_000_000_000 + Int64(seconds) * 1000) }

    static func key(_ name: String, role: Role = .reader) throws -> RegistryEvent {
        .keyCreated(KeyCreated(name: try Name(name), role: role, tokenHash: digest("token of " + name)))
    }

    static func manifest(_ content: String) throws -> Manifest {
        try Manifest(files: [
            ArtifactFile(path: "model.gguf", digest: digest(content), sizeBytes: 1000, role: .weights),
            ArtifactFile(path: "card.md", digest: digest("card"), sizeBytes: 10, role: .card),
        ])
    }

    static func version(_ number: Int, model: String = "ticket-bot", content: String? = nil) throws -> RegistryEvent {
        .versionPublished(
            VersionPublished(
                id: VersionID(try Name(model), number),
                manifest: try manifest(content ?? "weights of \(model) \(number)"),
                message: "number \(number)",
                facts: ModelFacts(
                    architecture: "llama",
                    parameterCount: 1_250_000,
                    contextLength: 512,
                    layerCount: 4,
                    width: 160,
                    headCount: 4,
                    keyValueHeadCount: 2,
                    vocabularySize: 512,
                    tokenizer: "gpt2/llama-bpe",
                    precision: "Q8_0",
                    tensorTypes: ["Q8_0": 29, "F32": 9],
                    license: nil
                ),
                smoke: SmokeResult(passed: true, loadSeconds: 0.1 + 0.2, tokensPerSecond: 1.0 / 3),
                card: CardSummary(completeness: 0.8, present: ["b", "a"], missing: [], license: "apache-2.0")
            )
        )
    }

    static func promptDocument(_ text: String) throws -> PromptDocument {
        PromptDocument(name: try Name("triage"), format: .chatml, messages: [PromptMessage(role: .user, text: text)])
    }

    static func prompt(_ number: Int) throws -> RegistryEvent {
        .promptPushed(
            PromptPushed(
                id: VersionID(try Name("triage"), number),
                document: try promptDocument("say {{it}} \(number)"),
                message: nil
            )
        )
    }

    /// Release `number` of version `version` with prompt version 1; both must be published.
    static func release(_ number: Int, version: Int, model: String = "ticket-bot") throws -> RegistryEvent {
        .releaseCreated(
            ReleaseCreated(
                id: ReleaseID(try Name(model), number),
                content: ReleaseContent(
                    version: version,
                    manifest: try manifest("weights of \(model) \(version)").digest(),
                    prompt: VersionID(try Name("triage"), 1),
                    promptDigest: try promptDocument("say {{it}} 1").digest(),
                    decoding: DecodingSettings(maxTokens: 64)
                )
            )
        )
    }

    static func move(
        from: Int?,
        to: Int,
        how: MoveKind = .promoted,
        settled: Bool = true,
        decision: Int? = nil,
        channel: String = "production"
    ) throws -> RegistryEvent {
        .channelMoved(
            ChannelMoved(
                model: try Name("ticket-bot"),
                channel: try Name(channel),
                from: from,
                to: to,
                how: how,
                decision: decision.map { DecisionID($0) },
                reason: nil,
                settled: settled
            )
        )
    }

    static func traffic(_ name: String = "week47") throws -> RegistryEvent {
        .trafficImported(
            TrafficImported(
                name: try Name(name),
                digest: digest("requests"),
                sizeBytes: 999,
                requests: 2000,
                labelled: 300
            )
        )
    }

    static func canaryStarted(_ number: Int, candidate: Int, baseline: Int) throws -> RegistryEvent {
        let model = try Name("ticket-bot")
        return .canaryStarted(
            CanaryStarted(
                id: CanaryID(number),
                candidate: ReleaseID(model, candidate),
                baseline: ReleaseID(model, baseline),
                traffic: try Name("week47"),
                trafficDigest: digest("requests"),
                document: try Name("tickets"),
                documentDigest: digest("document"),
                requests: 2000,
                seed: .max - 3
            )
        )
    }

    static func canaryJudged(_ number: Int, _ verdict: Verdict) -> RegistryEvent {
        .canaryJudged(
            CanaryJudged(
                id: CanaryID(number),
                verdict: verdict,
                summary: "because",
                evidence: digest("report \(number)"),
                evidenceSizeBytes: 77,
                requestsNeeded: nil,
                failedChecks: verdict == .fail ? ["answers correct"] : []
            )
        )
    }

    static func evaluationStarted(_ number: Int, release: Int) throws -> RegistryEvent {
        .evaluationStarted(
            EvaluationStarted(
                id: EvaluationID(number),
                release: ReleaseID(try Name("ticket-bot"), release),
                suite: try Name("week47"),
                suiteDigest: digest("requests"),
                cases: 300
            )
        )
    }

    static func evaluation(_ number: Int, release: Int) throws -> RegistryEvent {
        .evaluationFinished(
            EvaluationFinished(
                id: EvaluationID(number),
                release: ReleaseID(try Name("ticket-bot"), release),
                suite: try Name("week47"),
                suiteDigest: digest("requests"),
                scores: [.init(metric: "exact_match", good: 290, samples: 300, value: 290.0 / 300, lower95: 0.94321)],
                evidence: digest("evaluation \(number)"),
                evidenceSizeBytes: 5
            )
        )
    }

    static func decision(_ number: Int, release: Int, outcome: Decision.Outcome = .allowed) throws -> RegistryEvent {
        let model = try Name("ticket-bot")
        return .decisionRecorded(
            DecisionRecorded(
                id: DecisionID(number),
                decision: Decision(
                    id: DecisionID(number),
                    release: ReleaseID(model, release),
                    channel: try Name("production"),
                    policy: nil,
                    time: time(number),
                    outcome: outcome,
                    gates: [],
                    facts: PolicyFacts(version: VersionID(model, 1))
                )
            )
        )
    }

    static func document(_ revision: Int, _ name: String = "production") throws -> RegistryEvent {
        .documentApplied(
            DocumentApplied(
                kind: .policy,
                name: try Name(name),
                revision: revision,
                digest: digest("document \(revision)"),
                source: "kind: Policy\nname: \(name)\n# 'quotes' and \"more\", ünïcode, tab\t, nul-free\n",
                shipped: revision == 1
            )
        )
    }

    /// A catalog's life with an event of every kind but those of a watch.
    static func story() throws -> [RegistryEvent] {
        let model = try Name("ticket-bot")
        return [
            try key("root", role: .admin), try key("ci", role: .publisher), try document(1), try document(1, "staging"),
            try prompt(1), try version(1), try release(1, version: 1), try traffic(),
            try decision(1, release: 1), try move(from: nil, to: 1, decision: 1),
            try version(2), try release(2, version: 2), try canaryStarted(1, candidate: 2, baseline: 1),
            canaryJudged(1, .fail), try decision(2, release: 2, outcome: .refused),
            try move(from: 1, to: 2, how: .overridden, settled: false, decision: 2),
            try move(from: 2, to: 1, how: .rolledBack),
            .releaseRejected(ReleaseRejected(id: ReleaseID(model, 2), reason: "taken back")),
            try version(3), try release(3, version: 3), try canaryStarted(2, candidate: 3, baseline: 1),
            canaryJudged(2, .pass), try evaluation(1, release: 3),
            try decision(3, release: 3),
            try move(from: 1, to: 3, decision: 3), try document(2), try prompt(2),
            try canaryStarted(3, candidate: 1, baseline: 3),
            .canaryStopped(CanaryStopped(id: CanaryID(3), reason: "cannot be loaded")),
            .versionQuarantined(VersionQuarantined(id: VersionID(model, 2), reason: "died while loading")),
            .keyRevoked(KeyRevoked(name: try Name("ci"))),
            try move(from: nil, to: 2, channel: "staging"),
        ]
    }

    /// The quarantine of a version is over.
    static func quarantineLifted(_ number: Int) throws -> RegistryEvent {
        .quarantineLifted(
            QuarantineLifted(
                weights: digest("weights"),
                version: VersionID(try Name("ticket-bot"), number),
                reason: "power cut"
            )
        )
    }

    /// Where a version came from is said after it was published.
    static func lineageAdded(to number: Int) throws -> RegistryEvent {
        let model = try Name("ticket-bot")
        return .versionLineageAdded(
            VersionLineageAdded(
                id: VersionID(model, number),
                lineage: Manifest.Lineage(from: VersionID(model, 1), method: nil)
            )
        )
    }

    /// Goes on after the story: a rollout that settles, one that is returned, and one that a person ends.
    static func rollouts() throws -> [RegistryEvent] {
        let model = try Name("ticket-bot")
        let production = try Name("production")
        return [
            try move(from: 3, to: 1, settled: false), try rolloutStarted(1, release: 1, from: 3),
            .rolloutSettled(RolloutSettled(id: RolloutID(1), result: result("settled"))),
            try version(4), try release(4, version: 4),
            try move(from: 1, to: 4, how: .overridden, settled: false), try rolloutStarted(2, release: 4, from: 1),
            .releaseCrashed(ReleaseCrashed(id: ReleaseID(model, 4), rollout: RolloutID(2), why: "out of memory")),
            try incidentOpened(1, .quality),
            .incidentUpdated(
                IncidentUpdated(id: IncidentID(1), text: "worse", facts: ["r4 9 of 10 bad"], samples: [request(3)])
            ),
            .rolloutReturned(
                RolloutReturned(
                    id: RolloutID(2),
                    to: 1,
                    cause: RolloutCause(kind: .worseThanPrevious, indicator: try Name("valid-json")),
                    result: result("returned"),
                    incident: IncidentID(1)
                )
            ),
            try move(from: 4, to: 1, how: .returned),
            .releaseRejected(ReleaseRejected(id: ReleaseID(model, 4), reason: "bad answers")),
            .holdPlaced(HoldPlaced(model: model, channel: production, rollout: RolloutID(2), reason: "returned")),
            .incidentNoted(IncidentNoted(id: IncidentID(1), text: "we look at it")),
            .holdLifted(HoldLifted(model: model, channel: production, reason: "understood")),
            .incidentClosed(IncidentClosed(id: IncidentID(1), reason: "fixed in version 5")),
            try move(from: 1, to: 3, settled: false), try rolloutStarted(3, release: 3, from: 1),
            .rolloutEnded(RolloutEnded(id: RolloutID(3), how: .rolledBack, reason: "too slow")),
            try move(from: 3, to: 1, how: .rolledBack),
        ]
    }

    static func rolloutStarted(
        _ number: Int,
        release: Int,
        from: Int?,
        channel: String = "production"
    ) throws -> RegistryEvent {
        .rolloutStarted(
            RolloutStarted(
                id: RolloutID(number),
                release: ReleaseID(try Name("ticket-bot"), release),
                channel: try Name(channel),
                from: from,
                probationSeconds: 1800,
                holdback: from == nil ? 0 : 0.1,
                triggers: [
                    .burn(rate: 14.4, longSeconds: 3600, shortSeconds: 300),
                    .worseThanPrevious(what: "bad answers", error: 0.01), .engineFailures(3),
                ],
                indicators: [RolloutIndicator(name: try Name("valid-json"), indicator: .validOutput)]
            )
        )
    }

    static func result(_ sentence: String) -> RolloutResult {
        RolloutResult(
            watchedSeconds: 12.5,
            requests: 60,
            heldBackRequests: 7,
            badAnswers: 9,
            firstBadAt: time(3),
            sentence: sentence,
            facts: ["valid-json: r4 9 of 10 bad, r1 0 of 7"]
        )
    }

    static func incidentOpened(_ number: Int, _ family: IncidentFamily) throws -> RegistryEvent {
        .incidentOpened(
            IncidentOpened(
                id: IncidentID(number),
                model: try Name("ticket-bot"),
                family: family,
                severity: .page,
                title: "valid-json burns",
                sentence: "valid-json burns under r4",
                facts: ["r4 3 of 4 bad"],
                channel: try Name("production"),
                release: 4,
                rollout: nil,
                lastMoves: [
                    ChannelMove(
                        ChannelMoved(
                            model: try Name("ticket-bot"),
                            channel: try Name("production"),
                            from: 1,
                            to: 4,
                            how: .overridden,
                            settled: false
                        ),
                        seq: 38,
                        by: "ada",
                        at: time(38)
                    )
                ],
                samples: [request(1), request(2)]
            )
        )
    }

    static func request(_ number: UInt64) -> RequestID { RequestID(time: time(0), random: (1, number)) }
}

extension Catalog {
    /// Appends one command per event.
    func append(_ events: [RegistryEvent], actor: String = "ada") async throws {
        for (index, event) in events.enumerated() {
            _ = try await append(actor: actor, time: Samples.time(index)) { _ in [event] }
        }
    }
}
