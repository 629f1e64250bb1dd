import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import Replay
import TestSupport
import UserDocuments

/// The demo's models and requests, without a registry around them.
enum Demo {
    static let digest = Digest(of: Data())

    static func name(_ text: String) -> Name {
        do { return try Name(text) } catch { preconditionFailure("\(error)") }
    }

    /// The prompt of the demo; with its schema, only `intent` is asked for.
    static func prompt(schema: Bool = false) throws -> PromptDocument {
        let output = """
            output: { schema: { type: object, required: [intent], properties: { intent: { type: string, enum: [refund, track] } } } }
            """
        let text = """
            apiVersion: serin/v1
            kind: Prompt
            name: triage
            format: chatml
            messages:
              - { role: system, text: "Return one JSON object: intent, order, priority." }
              - { role: user, text: "{{ticket}}" }
            variables: { ticket: { required: true, maxLength: 2000 } }
            decoding: { temperature: 0, maxTokens: 64 }
            """
        for case .prompt(let prompt) in try Document.parse(schema ? text + "\n" + output : text, file: "prompt.yaml") {
            return prompt
        }
        preconditionFailure("the text holds a prompt")
    }

    static func side(_ version: String, temperature: Double = 0) throws -> ReplaySide {
        ReplaySide(
            engine: try LoadedWeights(path: Checkout.demo.appending(path: "\(version)/model.gguf").path).makeEngine(),
            prompt: try prompt(),
            decoding: DecodingSettings(temperature: temperature, maxTokens: 64)
        )
    }

    static func record(_ number: Int) throws -> ReleaseRecord {
        ReleaseRecord(
            ReleaseCreated(
                id: ReleaseID(name("ticket-bot"), number),
                content: ReleaseContent(
                    version: number,
                    manifest: digest,
                    prompt: VersionID(name("triage"), 1),
                    promptDigest: digest,
                    decoding: DecodingSettings(maxTokens: 64)
                )
            ),
            digest: Digest(of: Data([UInt8(number)])),
            createdBy: "test",
            createdAt: Timestamp(milliseconds: 0)
        )
    }

    static func canary(requests: Int, seed: UInt64, extends: CanaryExtension? = nil) throws -> CanaryRecord {
        CanaryRecord(
            CanaryStarted(
                id: CanaryID(extends.map { $0.canary.number + 1 } ?? 1),
                candidate: ReleaseID(name("ticket-bot"), 2),
                baseline: ReleaseID(name("ticket-bot"), 1),
                traffic: name("week47"),
                trafficDigest: digest,
                document: name("tickets"),
                documentDigest: digest,
                requests: requests,
                seed: seed,
                extends: extends
            ),
            startedBy: "test",
            startedAt: Timestamp(milliseconds: 0)
        )
    }

    static let document = CanaryDocument(
        name: name("tickets"),
        compare: CanaryDocument.Comparison(traffic: name("week47"), requests: 2_000),
        checks: [
            CanaryCheck(name: "answers", metric: .exactMatch, margin: 0.02, isCritical: true),
            CanaryCheck(name: "answered", metric: .availability, margin: 0.01),
            CanaryCheck(name: "refusals", metric: .refusal, margin: 0.02),
            CanaryCheck(name: "length", metric: .outputTokens, margin: 0.1),
            CanaryCheck(name: "likelihood", metric: .baselineLogProbability, margin: 0.01, isWatchOnly: true),
        ]
    )

    /// The same document with checks of times.
    static func timed(isWatchOnly: Bool) throws -> CanaryDocument {
        CanaryDocument(
            name: document.name,
            compare: document.compare,
            checks: document.checks + [
                CanaryCheck(name: "first", metric: .timeToFirstToken, margin: 0.1, isWatchOnly: isWatchOnly),
                CanaryCheck(name: "total", metric: .totalTime, margin: 0.1, isWatchOnly: true),
            ]
        )
    }
}
