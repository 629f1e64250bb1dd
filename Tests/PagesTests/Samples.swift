import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import UserDocuments
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
            VersionPublished(
                id: versionID(number),
                manifest: try! Manifest(files: files, lineage: lineage),
                message: text(["first version", "4-bit, half the size", "4-bit, scales kept"][(number - 1) % 3]),
                facts: facts,
                smoke: SmokeResult(
                    passed: true,
                    loadSeconds: 0.012,
                    tokensPerSecond: 2140,
                    residentBytes: 3_400_000,
                    tokenizerRoundTrip: true
                ),
                card: card
            ),
            digest: digest(UInt8(20 + number)),
            publishedBy: text("admin"),
            publishedAt: ago(3600 * Double(9 - number)),
            quarantined: quarantined
        )
    }

    /// A version that is kept and cannot be run.
    var keptVersion: VersionRecord {
        let file = try! ArtifactFile(
            path: "model.safetensors",
            digest: digest(77),
            sizeBytes: 52_000_000,
            role: .safetensors
        )
        return VersionRecord(
            VersionPublished(
                id: versionID(5),
                manifest: try! Manifest(files: [file]),
                message: text("as it was trained"),
                cannotRun: CannotRun(
                    reasons: [text("its weights are safetensors; the engine loads GGUF"), text("another reason")],
                    header: WeightsHeader(
                        format: .safetensors,
                        architecture: text("mamba"),
                        tensorCount: 272,
                        parameterCount: 134_515_008,
                        precision: text("BF16"),
                        tensorTypes: [text("BF16"): 271, "F32": 1],
                        shapes: [text("576 × 576"): 120, "49152 × 576": 1]
                    )
                )
            ),
            digest: digest(25),
            publishedBy: text("admin"),
            publishedAt: ago(3600)
        )
    }

    /// An adapter over version 1.
    var adapterVersion: VersionRecord {
        let file = try! ArtifactFile(path: "lora.gguf", digest: digest(78), sizeBytes: 310_000, role: .weights)
        let under = version(1)
        return VersionRecord(
            VersionPublished(
                id: versionID(6),
                manifest: try! Manifest(
                    files: [file],
                    base: AdapterBase(version: under.id, files: under.manifest.files.filter { $0.role == .weights })
                ),
                message: text("fine-tuned on refunds"),
                facts: facts,
                smoke: SmokeResult(passed: true, loadSeconds: 0.002, tokensPerSecond: 2010, residentBytes: 3_710_000),
                adapter: AdapterFacts(
                    alpha: 16,
                    ranks: [8],
                    matrixCount: 14,
                    parameterCount: 77_000,
                    baseNames: [text("people/ticket-bot")]
                )
            ),
            digest: digest(26),
            publishedBy: text("admin"),
            publishedAt: ago(3600)
        )
    }

    func release(_ number: Int, rejected: String? = nil) -> ReleaseRecord {
        ReleaseRecord(
            ReleaseCreated(
                id: releaseID(number),
                content: ReleaseContent(
                    version: number,
                    manifest: digest(UInt8(20 + number)),
                    prompt: VersionID(triage, 1),
                    promptDigest: digest(40),
                    decoding: DecodingSettings(temperature: 0, maxTokens: 64, stop: [text("\n")])
                )
            ),
            digest: digest(UInt8(60 + number)),
            createdBy: text("admin"),
            createdAt: ago(3000),
            rejections: rejected.map {
                [ReleaseRejection(channel: production, reason: $0, at: ago(600), seq: 90)]
            } ?? []
        )
    }

    func move(_ seq: Int, from: Int?, to: Int, how: MoveKind, settled: Bool, reason: String? = nil) -> ChannelMove {
        ChannelMove(
            ChannelMoved(
                model: model,
                channel: production,
                from: from,
                to: to,
                how: how,
                decision: how == .rolledBack ? nil : identifier(seq - 1),
                reason: reason.map { text($0) },
                settled: settled
            ),
            seq: seq,
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

    private func outcome(_ number: Int, _ verdict: Verdict) -> CanaryRecord.Outcome {
        .judged(
            CanaryJudged(
                id: identifier(number),
                verdict: verdict,
                summary: text("answers correct: \(verdict.rawValue)"),
                evidence: digest(72),
                evidenceSizeBytes: nil,
                requestsNeeded: verdict == .inconclusive ? 1240 : nil,
                failedChecks: verdict == .fail ? [text("answers correct")] : []
            )
        )
    }

    func canary(_ number: Int, of candidate: Int, _ verdict: Verdict?) -> CanaryRecord {
        CanaryRecord(
            CanaryStarted(
                id: identifier(number),
                candidate: releaseID(candidate),
                baseline: releaseID(1),
                traffic: week47,
                trafficDigest: digest(70),
                document: tickets,
                documentDigest: digest(71),
                requests: 2000,
                seed: 4242
            ),
            outcome: verdict.map { outcome(number, $0) } ?? .running,
            startedBy: text("admin"),
            startedAt: ago(900),
            finishedAt: verdict == nil ? nil : ago(820)
        )
    }
}
