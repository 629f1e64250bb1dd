import Catalog
import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import UserDocuments

/// A registry that holds many of everything, written straight into its log: what lists and pages cost is asked of it.
///
/// All texts are as long as they may be, or longer than a page shows.
struct LargeRegistry: Sendable {
    /// How many there are of each thing.
    let count: Int

    /// The model with that many versions, releases, canaries, evaluations, decisions, rollouts and incidents.
    static let busy = Name.known("busy")
    /// The prompt with that many versions.
    static let long = Name.known("long")
    /// The token of its only admin key.
    static let token = "srn_large-registry"

    init(count: Int) { self.count = count }

    /// The name of a model, prompt, key or set: 64 bytes, and in the order of its number.
    func name(_ kind: String, _ number: Int) throws -> Name {
        let digits = String(number)
        let start = kind + "-" + String(repeating: "0", count: 6 - digits.utf8.count) + digits + "-"
        return try Name(start + String(repeating: "x", count: 64 - start.utf8.count))
    }

    /// Writes it all to the file at `path`, which is then closed.
    func write(to path: String) async throws {
        let catalog = try Catalog.open(path: path)
        for part in [try basics(), try named(), try versions(), try runs(), try moves(), try incidents()] {
            for start in stride(from: 0, to: part.count, by: 2000) {
                let events = Array(part[start..<min(start + 2000, part.count)])
                try await catalog.append(actor: "ada", time: Self.time) { _ in events }
            }
        }
        try await catalog.close()
    }

    private static let time = Timestamp(milliseconds: 1_795_000_000_000)
    private static let remark = String(repeating: "what was changed & <why> ", count: 20)

    private static func digest(_ text: String) -> Digest { Digest(of: Data(text.utf8)) }

    private static func document(_ name: Name, _ number: Int) -> PromptDocument {
        PromptDocument(name: name, format: .chatml, messages: [PromptMessage(role: .user, text: "say \(number)")])
    }

    private static func manifest(_ model: Name, _ number: Int) throws -> Manifest {
        try Manifest(files: [
            ArtifactFile(path: "notes.txt", digest: digest("\(model) \(number)"), sizeBytes: 1000, role: .opaque)
        ])
    }

    private static func version(_ model: Name, _ number: Int) throws -> RegistryEvent {
        .versionPublished(
            VersionPublished(
                id: VersionID(model, number),
                manifest: try manifest(model, number),
                message: remark,
                cannotRun: CannotRun(reasons: ["there is no model in it"])
            )
        )
    }

    private static func release(_ model: Name, _ number: Int) throws -> RegistryEvent {
        .releaseCreated(
            ReleaseCreated(
                id: ReleaseID(model, number),
                content: ReleaseContent(
                    version: number,
                    manifest: try manifest(model, number).digest(),
                    prompt: VersionID(long, 1),
                    promptDigest: try document(long, 1).digest(),
                    decoding: DecodingSettings(maxTokens: 64)
                )
            )
        )
    }

    private static func pushed(_ prompt: Name, _ number: Int) -> RegistryEvent {
        .promptPushed(
            PromptPushed(id: VersionID(prompt, number), document: document(prompt, number), message: remark)
        )
    }

    private func basics() throws -> [RegistryEvent] {
        [
            Self.pushed(Self.long, 1), try Self.version(Self.busy, 1), try Self.release(Self.busy, 1),
            try set(try Name("tickets")),
            .keyCreated(KeyCreated(name: .known("admin"), role: .admin, tokenHash: Self.digest(Self.token))),
        ]
    }

    private func set(_ name: Name) throws -> RegistryEvent {
        .trafficImported(
            TrafficImported(
                name: name,
                digest: Self.digest("requests"),
                sizeBytes: 999,
                requests: 2000,
                labelled: 300
            )
        )
    }

    /// One model with as many versions and releases, and what they stand on: no key, and nothing that ran.
    func foundation() throws -> [RegistryEvent] { try basics().dropLast() + versions() }

    /// Models that are live, prompts, keys and sets.
    private func named() throws -> [RegistryEvent] {
        try (1...count).flatMap { number -> [RegistryEvent] in
            let model = try name("model", number)
            return [
                try Self.version(model, 1), try Self.release(model, 1),
                .channelMoved(
                    ChannelMoved(model: model, channel: .production, from: nil, to: 1, how: .promoted, settled: true)
                ),
                Self.pushed(try name("prompt", number), 1), try set(try name("set", number)),
                .keyCreated(
                    KeyCreated(
                        name: try name("key", number),
                        role: .reader,
                        tokenHash: Self.digest("token of \(number)")
                    )
                ),
            ]
        }
    }

    private func versions() throws -> [RegistryEvent] {
        try (2...count).flatMap { number -> [RegistryEvent] in
            [try Self.version(Self.busy, number), try Self.release(Self.busy, number), Self.pushed(Self.long, number)]
        }
    }

    /// Canaries, evaluations and decisions.
    private func runs() throws -> [RegistryEvent] {
        let set = try Name("tickets")
        return try (1...count).flatMap { number -> [RegistryEvent] in
            let release = ReleaseID(Self.busy, number)
            return [
                .canaryStarted(
                    CanaryStarted(
                        id: CanaryID(number),
                        candidate: release,
                        baseline: ReleaseID(Self.busy, 1),
                        traffic: set,
                        trafficDigest: Self.digest("requests"),
                        document: try Name("tickets"),
                        documentDigest: Self.digest("document"),
                        requests: 2000,
                        seed: 1
                    )
                ),
                .canaryJudged(
                    CanaryJudged(
                        id: CanaryID(number),
                        verdict: .fail,
                        summary: Self.remark,
                        evidence: Self.digest("canary \(number)"),
                        evidenceSizeBytes: 77,
                        requestsNeeded: nil,
                        failedChecks: ["answers correct"]
                    )
                ),
                .evaluationFinished(
                    EvaluationFinished(
                        id: EvaluationID(number),
                        release: release,
                        suite: set,
                        suiteDigest: Self.digest("requests"),
                        scores: [.init(metric: "exact_match", good: 290, samples: 300, value: 0.97, lower95: 0.94)],
                        evidence: Self.digest("evaluation \(number)"),
                        evidenceSizeBytes: 5
                    )
                ),
                .decisionRecorded(
                    DecisionRecorded(
                        id: DecisionID(number),
                        decision: Decision(
                            id: DecisionID(number),
                            release: release,
                            channel: .production,
                            policy: nil,
                            time: Self.time,
                            outcome: .refused,
                            gates: [],
                            facts: PolicyFacts(version: VersionID(Self.busy, number))
                        )
                    )
                ),
            ]
        }
    }

    /// Moves of one channel, each with its watch.
    private func moves() throws -> [RegistryEvent] {
        let channel = Name.known("staging")
        return (1...count).flatMap { number -> [RegistryEvent] in
            [
                .channelMoved(
                    ChannelMoved(
                        model: Self.busy,
                        channel: channel,
                        from: number == 1 ? nil : number - 1,
                        to: number,
                        how: .promoted,
                        reason: Self.remark,
                        settled: false
                    )
                ),
                .rolloutStarted(
                    RolloutStarted(
                        id: RolloutID(number),
                        release: ReleaseID(Self.busy, number),
                        channel: channel,
                        from: nil,
                        probationSeconds: 1800,
                        holdback: 0,
                        triggers: [.engineFailures(3)],
                        indicators: []
                    )
                ),
                .rolloutEnded(RolloutEnded(id: RolloutID(number), how: .superseded, reason: Self.remark)),
            ]
        }
    }

    /// Incidents of one model that are over, and one of each model that is open.
    private func incidents() throws -> [RegistryEvent] {
        func opened(_ number: Int, _ model: Name) -> RegistryEvent {
            .incidentOpened(
                IncidentOpened(
                    id: IncidentID(number),
                    model: model,
                    family: .quality,
                    severity: .page,
                    title: Self.remark,
                    sentence: Self.remark,
                    channel: .production
                )
            )
        }
        let closed = (1...count).flatMap { number -> [RegistryEvent] in
            [
                opened(number, Self.busy),
                .incidentClosed(IncidentClosed(id: IncidentID(number), reason: "fixed in version \(number)")),
            ]
        }
        return try closed + (1...count).map { opened(count + $0, try name("model", $0)) }
    }
}
