import Foundation
import GGUF
import RegistryTypes
import TestSupport
import Testing
import UserDocuments

@testable import ReleaseRuntime

extension ModelFiles {
    /// Weights whose file has `template`.
    static func weights(template: String?, _ metadata: [String: GGUFValue] = [:]) throws -> LoadedWeights {
        let template = template.map { ["tokenizer.chat_template": GGUFValue.string($0)] } ?? [:]
        let scratch = try ScratchFolder()
        let bytes = try bytes(template.merging(metadata) { $1 })
        return try LoadedWeights(path: scratch.write("model.gguf", bytes))
    }

    /// A prompt in the file's own template.
    static func prompt(_ messages: [(role: PromptMessage.Role, text: String)]) throws -> PromptDocument {
        PromptDocument(
            name: try Name("own"),
            format: .model,
            messages: messages.map { PromptMessage(role: $0.role, text: $0.text) },
            variables: messages.contains { $0.text.contains("{{ticket}}") }
                ? [PromptVariable(name: "ticket", isRequired: true, maxLength: nil)] : []
        )
    }
}
