import Foundation
import RegistryTypes

@testable import ReleaseRuntime

/// The demo's first version with its prompt: a real release, small enough for a test.
enum DemoRelease {
    /// The weights file in this repository.
    static let weightsPath = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Registry/demo/v1/model.gguf").path

    static let ticket = ["ticket": "Where is my parcel? Order 48213. Thanks!"]

    static func weights() throws -> LoadedWeights { try LoadedWeights(path: weightsPath) }

    static func prompt(
        _ format: PromptFormat = .chatml,
        text: String = "{{ticket}}",
        maxLength: Int? = 2000
    ) throws -> PromptDocument {
        PromptDocument(
            name: try Name("triage"),
            format: format,
            messages: [
                PromptMessage(role: .system, text: "Return one JSON object: intent, order, priority."),
                PromptMessage(role: .user, text: text),
            ],
            variables: [PromptVariable(name: "ticket", isRequired: true, maxLength: maxLength)]
        )
    }

    static func release(
        _ format: PromptFormat = .chatml,
        text: String = "{{ticket}}",
        maxLength: Int? = 2000,
        decoding: DecodingSettings = DecodingSettings(maxTokens: 64)
    ) throws -> LoadedRelease {
        try LoadedRelease(
            weights: weights(),
            prompt: prompt(format, text: text, maxLength: maxLength),
            decoding: decoding
        )
    }
}
