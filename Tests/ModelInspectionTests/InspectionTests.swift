import Foundation
import TestSupport
import Testing
import Tokenizers
import WireFormat

@testable import GGUF
@testable import ModelInspection

/// What model files say of themselves.
@Suite struct InspectionTests {
    private static func path(_ version: String) -> String {
        Checkout.demo.appending(path: "\(version)/model.gguf").path
    }

    @Test func theDemoIsDescribedAndRuns() throws {
        let facts = try LocalModel(path: Self.path("v1")).facts
        #expect(facts.runs && facts.warnings.isEmpty && facts.template == nil)
        #expect(facts.architecture == "llama" && facts.layerCount == 4 && facts.contextLength == 512)
        #expect(facts.tensors.reduce(0) { $0 + $1.elementCount } == facts.parameterCount)
        #expect(abs(facts.tensors.compactMap(\.share).reduce(0, +) - 1) < 1e-9)
        #expect(facts.tokenizer?.missingBytes == [] && facts.tokenizer?.tokenCount == 512)
        #expect((facts.memory?.weightBytes ?? 0) > 0)
        let again = try JSONDecoder().decode(InspectedModel.self, from: JSONEncoder().encode(facts))
        #expect(again == facts)
    }

    /// A file of tensors without a model, as tools for pictures write it.
    @Test func whatIsNoModelHereIsDescribedAllTheSame() throws {
        var writer = GGUFWriter()
        writer.add("general.architecture", .string("clip"))
        writer.add("clip.block_count", .array(.integers([2, 3], .uint32)))
        writer.add("tokenizer.ggml.model", .string("t5"))
        writer.add("tokenizer.ggml.tokens", .array(.strings(["a", "b"])))
        writer.add("tokenizer.chat_template", .string("{% for m in messages %}"))
        writer.add("v.weight", .f32, [4], [1, 2, 3, 4])
        let facts = InspectedModel(try GGUFFile(bytes: writer.bytes()))
        #expect(!facts.runs && facts.memory == nil && facts.contextLength == nil && facts.layerCount == nil)
        #expect(facts.reasons.contains { $0.contains("clip") } && facts.reasons.contains { $0.contains("t5") })
        #expect(facts.tokenizer?.model == "t5" && facts.tokenizer?.kind == nil && facts.tokenizer?.tokenCount == 2)
        #expect(facts.template?.problem != nil)
        let empty = InspectedModel(try GGUFFile(bytes: GGUFWriter().bytes()))
        #expect(!empty.runs && empty.tensors.isEmpty && empty.tokenizer == nil && empty.parameterCount == 0)
    }

    @Test(arguments: [(TensorType.q8_0, true), (.f16, true), (.f32, true), (.q4_0, false)])
    func weightsThatWereFourBitsBeforeAreSeen(type: TensorType, isSeen: Bool) throws {
        // Sixteen levels times a scale for each block, as every type of four bits has them; then as many as there are.
        func file(levels: Int) throws -> GGUFFile {
            var writer = GGUFWriter(), state: UInt64 = 7
            for index in 0..<8 {
                let elements = (0..<64 * 32).map { place -> Float in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return Float(Int(state >> 33) % levels - levels / 2) * Float(1 + place / 32 % 5) / Float(levels)
                }
                writer.add("blk.\(index).ffn_up.weight", type, [64, 32], elements)
            }
            return try GGUFFile(bytes: writer.bytes())
        }
        let found = EarlierQuantization(try file(levels: 16))
        #expect((found != nil) == isSeen)
        if let found { #expect(found.type == type && found.blockCount >= 64) }
        #expect(EarlierQuantization(try file(levels: 4096)) == nil)
    }

    @Test func tokensOfATextAreShownAndGiveItBack() throws {
        let text = "Order 48213 <|im_end|> 🙂"
        let plain = try LocalModel.tokenize(text, paths: [Self.path("v1")], specials: false)
        #expect(plain.roundTrip && plain.droppedByteCount == 0 && plain.byteCount == text.utf8.count)
        #expect(plain.tokens.flatMap(\.bytes) == Array(text.utf8) && !plain.tokens.contains(where: \.isSpecial))
        let special = try LocalModel.tokenize(text, paths: [Self.path("v1")], specials: true)
        #expect(special.roundTrip && special.tokens.contains { $0.isSpecial && $0.text == "<|im_end|>" })
        #expect(try LocalModel.tokenize("", paths: [Self.path("v1")], specials: false).bytesPerToken == nil)
    }

    @Test func aFileAnswersAndTheSameSeedGivesTheSame() async throws {
        let model = try LocalModel(path: Self.path("v1"))
        func answer(_ seed: UInt64) async throws -> LocalAnswer {
            try await model.answer(
                LocalModel.Question(
                    text: "Order 48213",
                    temperature: 1,
                    maxTokens: 12,
                    seed: seed,
                    secondsSince1970: 0
                ),
                loaded: { _ in },
                piece: { _ in }
            )
        }
        let first = try await answer(3), second = try await answer(3)
        #expect(first.tokens == second.tokens && first.text == second.text && first.prompt == "Order 48213")
        await #expect(throws: (any Error).self) {
            try await model.answer(
                LocalModel.Question(text: "a", topP: 0, secondsSince1970: 0),
                loaded: { _ in },
                piece: { _ in }
            )
        }
    }
}
