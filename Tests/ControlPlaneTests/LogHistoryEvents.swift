import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import UserDocuments

/// The things that histories are about: what is published, pushed and applied in them.
extension LogHistory {
    static let promptName = DemoPlane.known("triage")

    static func version(_ number: Int) -> RegistryEvent {
        let weights = Digest(of: Data("weights \(number)".utf8))
        let file = try? ArtifactFile(path: "model.gguf", digest: weights, sizeBytes: 1000, role: .weights)
        guard let manifest = try? Manifest(files: [file].compactMap(\.self)) else { preconditionFailure("no manifest") }
        return .versionPublished(
            VersionPublished(
                id: VersionID(DemoPlane.model, number),
                manifest: manifest,
                smoke: SmokeResult(passed: true, loadSeconds: 0.1 + 0.2, tokensPerSecond: 1.0 / 3)
            )
        )
    }

    static func prompt(_ number: Int) throws -> RegistryEvent {
        .promptPushed(
            PromptPushed(
                id: VersionID(promptName, number),
                document: PromptDocument(
                    name: promptName,
                    format: .chatml,
                    messages: [PromptMessage(role: .user, text: "say {{it}} \(number)")]
                ),
                message: nil
            )
        )
    }

    static func policy(_ revision: Int, probation: String) throws -> RegistryEvent {
        let text = """
            apiVersion: serin/v1
            kind: Policy
            name: production
            for: { channel: production, models: ["*"] }
            gates:
              - { id: smoke, type: smoke, level: mandatory }
            onMissing: block
            rollout: { strategy: direct, probation: \(probation), holdback: 20 % }
            rollBackWhen:
              - { engineFailures: 3 }
            # \(revision)
            """
        guard case .policy(let policy)? = try Document.parse(text, file: "test.yaml").first else {
            preconditionFailure("no policy")
        }
        return .documentApplied(
            DocumentApplied(
                kind: .policy,
                name: policy.name,
                revision: revision,
                digest: try policy.digests()[0],
                source: text,
                shipped: false
            )
        )
    }
}
