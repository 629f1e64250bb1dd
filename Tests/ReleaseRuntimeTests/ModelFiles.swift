import Foundation
import GGUF
import RegistryTypes
import TestSupport
import Testing
import UserDocuments

@testable import ReleaseRuntime

/// The demo's first version with a chat template of its own, or with other tokens in its vocabulary.
enum ModelFiles {
    /// A template in the manner of many models: a default for the system, roles that take turns, the time, tools, and
    /// thinking that can be turned off.
    static let template = """
        {%- if messages[0].role != 'system' -%}{{ '<|im_start|>system\\nBe good.<|im_end|>\\n' }}{%- endif -%}
        {%- for message in messages -%}
        {%- if message.role == 'user' and not loop.last and messages[loop.index0 + 1].role == 'user' -%}
        {{- raise_exception('Roles must take turns!') -}}
        {%- endif -%}
        {{- '<|im_start|>' + message.role + '\\n' + message.content | trim + '<|im_end|>\\n' -}}
        {%- endfor -%}
        {{- strftime_now('%d %b %Y') + '\\n' -}}
        {%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}
        """

    /// The weights file in this repository with `metadata` besides, or instead of what has its name.
    static func bytes(_ metadata: [String: GGUFValue]) throws -> [UInt8] {
        let file = try GGUFFile(path: DemoRelease.weightsPath)
        let data = try Data(contentsOf: URL(filePath: DemoRelease.weightsPath))
        var writer = GGUFWriter()
        writer.alignment = file.alignment
        for key in file.keys where metadata[key] == nil { writer.add(key, try #require(file.metadata[key])) }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { writer.add(key, value) }
        for tensor in file.tensors {
            writer.tensors.append(
                GGUFWriter.Tensor(
                    name: tensor.name,
                    type: tensor.type.rawValue,
                    dimensions: tensor.dimensions.map(UInt64.init),
                    bytes: Array(data[tensor.fileOffset..<tensor.fileOffset + tensor.byteCount])
                )
            )
        }
        return writer.bytes()
    }

    /// Weights whose file has `template`.
    static func weights(template: String?, _ metadata: [String: GGUFValue] = [:]) throws -> LoadedWeights {
        let template = template.map { ["tokenizer.chat_template": GGUFValue.string($0)] } ?? [:]
        let scratch = try ScratchFolder()
        let bytes = try bytes(template.merging(metadata) { $1 })
        return try LoadedWeights(path: scratch.write("model.gguf", Data(bytes)))
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
