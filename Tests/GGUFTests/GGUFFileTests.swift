import Foundation
import TestSupport
import Testing

@testable import GGUF

@Suite struct GGUFFileTests {
    @Test func everyValueComesBack() throws {
        let file = try GGUFFile(bytes: SmallFile.writer().bytes())
        #expect(file.keys == SmallFile.metadata.map(\.0))
        for (key, value) in SmallFile.metadata { #expect(file.metadata[key] == value, "\(key)") }
        #expect(file.version == 3)
        #expect(file.alignment == 32)
    }

    @Test func versionTwoIsRead() throws {
        var writer = SmallFile.writer()
        writer.version = 2
        #expect(try GGUFFile(bytes: writer.bytes()).version == 2)
    }

    @Test func mappedFileEqualsBytes() throws {
        let bytes = SmallFile.writer().bytes()
        let scratch = try ScratchFolder()
        let file = try GGUFFile(path: scratch.write("small.gguf", Data(bytes)))
        #expect(file.byteCount == bytes.count)
        #expect(file.tensors == (try GGUFFile(bytes: bytes)).tensors)
    }

    @Test func alignmentIsHonoured() throws {
        var writer = SmallFile.writer()
        writer.alignment = 256
        writer.add("general.alignment", .uint32(256))
        let file = try GGUFFile(bytes: writer.bytes())
        #expect(file.alignment == 256)
        #expect(file.tensors.allSatisfy { $0.fileOffset.isMultiple(of: 256) })
    }

    @Test(arguments: [
        ("no such file", "/nowhere/at/all", "No such file or directory"),
        ("a folder", "/", "not a regular file"),
        ("a device", "/dev/null", "not a regular file"),
    ])
    func unreadablePathsAreNamed(what: String, path: String, reason: String) {
        #expect(throws: GGUFError.cannotOpen(path: path, reason: reason)) { try GGUFFile(path: path) }
    }

    @Test func questionsCheckTypes() throws {
        let file = try GGUFFile(bytes: SmallFile.writer().bytes())
        #expect(try file.integer("a.int8") == -100)
        #expect(try file.number("a.float32") == 1.5)
        #expect(try file.bool("a.bool") == true)
        #expect(try file.strings("a.strings") == ["", "ab", "ü"])
        #expect(try file.integers("a.longs") == [1 << 40])
        #expect(try file.string("absent") == nil)
        #expect(throws: GGUFError.wrongType(key: "a.bool", expected: "a string", found: "a bool")) {
            try file.string("a.bool")
        }
        #expect(throws: GGUFError.wrongType(key: "a.uint64", expected: "an integer", found: "a uint64")) {
            try file.integer("a.uint64")
        }
        #expect(throws: GGUFError.missingKey("absent")) { try file.requiredInteger("absent", in: 1...2) }
        #expect(throws: GGUFError.invalidValue(key: "a.uint8", value: "200", reason: "it must be from 1 to 2")) {
            try file.requiredInteger("a.uint8", in: 1...2)
        }
    }

    @Test func summaryReadsTheFacts() throws {
        let bytes = SmallFile.writer().bytes()
        let summary = try GGUFSummary(GGUFFile(bytes: bytes))
        #expect(summary.architecture == "llama")
        #expect(summary.name == "größe")
        #expect(summary.license == "apache-2.0")
        #expect(summary.parameterCount == 64 + 3 + 4 + 4 + 64)
        #expect(summary.contextLength == 64)
        #expect((summary.layerCount, summary.width, summary.headCount, summary.kvHeadCount) == (1, 32, 2, 1))
        #expect(summary.vocabularySize == 2)
        #expect(summary.tokenizerModel == "gpt2")
        #expect(summary.preTokenizer == "qwen2")
        #expect(summary.precision == "Q8_0" || summary.precision == "Q4_0")
        #expect(summary.tensorTypes == ["Q8_0": 1, "F32": 1, "F16": 1, "BF16": 1, "Q4_0": 1])
        #expect(summary.fileBytes == bytes.count)
    }

    @Test func tooManyBlocksAreRefused() throws {
        var writer = SmallFile.writer()
        writer.metadata.removeAll { $0.key == "llama.block_count" }
        writer.add("llama.block_count", .uint32(513))
        let file = try GGUFFile(bytes: writer.bytes())
        let expected = GGUFError.invalidValue(
            key: "llama.block_count",
            value: "513",
            reason: "it must be from 1 to 512"
        )
        #expect(throws: expected) { try GGUFSummary(file) }
    }

    @Test func unsupportedTensorTypeIsNamed() throws {
        var writer = SmallFile.writer()
        writer.tensors.append(
            .init(
                name: "blk.0.attn_q.weight",
                type: TensorType.iq2_xs.rawValue,
                dimensions: [256],
                bytes: Array(repeating: 0, count: 74)
            )
        )
        let file = try GGUFFile(bytes: writer.bytes())
        #expect(throws: GGUFError.unsupportedTensorType(tensor: "blk.0.attn_q.weight", type: .iq2_xs)) {
            try file.requireSupportedTypes()
        }
        let message = GGUFError.unsupportedTensorType(tensor: "blk.0.attn_q.weight", type: .iq2_xs).description
        #expect(
            message
                == "tensor type IQ2_XS of blk.0.attn_q.weight is not supported; supported: F32, F16, BF16, Q8_0, Q4_0, "
                + "Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4"
        )
    }

    /// Whatever a file calls its architecture, the message about what it lacks moves no terminal's cursor.
    @Test func messagesEscapeTheNamesOfAFile() throws {
        for (name, shown) in [("a\u{1b}[2J", "a\\u{1B}[2J"), (String(repeating: "n", count: 70_000), "nnnnnnnn")] {
            var writer = SmallFile.writer()
            writer.metadata.removeAll { $0.key == "general.architecture" }
            writer.add("general.architecture", .string(name))
            let file = try GGUFFile(bytes: writer.bytes())
            #expect {
                try GGUFSummary(file)
            } throws: { error in
                "\(error)".hasPrefix("metadata key \(shown)") && "\(error)".hasSuffix(" is missing")
                    && "\(error)".utf8.count < 200 && !"\(error)".utf8.contains(0x1b)
            }
        }
    }
}
