package import Foundation
package import GGUF
import Testing

/// The demo's first version with a chat template of its own, or with other metadata.
package enum ModelFiles {
    /// A template in the manner of many models: a default for the system, roles that take turns, the time, tools, and
    /// thinking that can be turned off.
    package static let template = """
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
    package static func bytes(_ metadata: [String: GGUFValue]) throws -> Data {
        let file = try GGUFFile(path: Checkout.demoWeights.path)
        let data = try Data(contentsOf: Checkout.demoWeights)
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
        return Data(writer.bytes())
    }

    /// A low-rank adapter over every matrix of that file's blocks.
    ///
    /// - Parameters:
    ///   - strength: how large its effect is; 0 for none.
    ///   - metadata: besides the keys that an adapter has, or instead of them.
    ///   - name: another name for a tensor of the base.
    package static func adapter(
        strength: Float,
        rank: Int = 4,
        _ metadata: [String: GGUFValue] = [:],
        changing name: (String) -> String = { $0 }
    ) throws -> Data {
        let file = try GGUFFile(path: Checkout.demoWeights.path)
        var keys: [String: GGUFValue] = [
            "general.architecture": try #require(file.metadata["general.architecture"]),
            "general.type": .string("adapter"), "adapter.type": .string("lora"), "adapter.lora.alpha": .float32(8),
        ]
        keys.merge(metadata) { $1 }
        var writer = GGUFWriter()
        for (key, value) in keys.sorted(by: { $0.key < $1.key }) { writer.add(key, value) }
        var state: UInt32 = 1
        func some(_ count: Int, _ scale: Float) -> [Float] {
            (0..<count).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return (Float(state >> 8) * 0x1p-23 - 1) * scale
            }
        }
        for tensor in file.tensors where tensor.name.hasPrefix("blk.") && tensor.dimensions.count == 2 {
            let (columns, rows) = (tensor.dimensions[0], tensor.dimensions[1])
            let base = name(tensor.name)
            writer.add(base + ".lora_a", .f32, [columns, rank], some(columns * rank, 1 / Float(columns).squareRoot()))
            writer.add(base + ".lora_b", .f32, [rank, rows], some(rank * rows, strength))
        }
        return Data(writer.bytes())
    }

    /// The file with a chat template.
    package static func bytes(template: String) throws -> Data {
        try bytes(["tokenizer.chat_template": .string(template)])
    }
}
