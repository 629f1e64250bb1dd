import Foundation
import GGUF
import RegistryTypes
import TestSupport
import Testing
import UserDocuments

@testable import ReleaseRuntime

/// The demo's first version with its prompt: a real release, small enough for a test.
enum DemoRelease {
    /// The weights file in this repository.
    static let weightsPath = Checkout.demoWeights.path

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

    /// The demo's weights with some bytes of one tensor replaced, as a file that is gone afterwards.
    static func withDamage<Result>(
        _ tensorName: String,
        at offset: Int,
        _ bytes: [UInt8],
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        var data = try Data(contentsOf: URL(filePath: weightsPath))
        let tensor = try #require(GGUFFile(path: weightsPath).tensor(named: tensorName))
        let start = tensor.fileOffset + offset
        data.replaceSubrange(start..<start + bytes.count, with: bytes)
        let scratch = try ScratchFolder()
        return try await body(scratch.write("damaged.gguf", data))
    }

    /// A release whose weights load and give no numbers: the first block's scale is a half-precision NaN.
    static func damaged() async throws -> LoadedRelease {
        let weights = try await withDamage("blk.0.ffn_down.weight", at: 0, [0x00, 0x7e]) {
            try LoadedWeights(path: $0)
        }
        return try LoadedRelease(weights: weights, prompt: prompt(), decoding: DecodingSettings(maxTokens: 64))
    }
}
