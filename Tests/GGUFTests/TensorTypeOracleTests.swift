import Foundation
import SeededRandom
import TestSupport
import Testing

@testable import GGUF

/// Every type against the Python package `gguf` of ggml's authors, which reads a file of ours and dequantises it.
@Suite struct TensorTypeOracleTests {
    /// A Python that has the package.
    private static let python = ProcessInfo.processInfo.environment["SERIN_ORACLE_PYTHON"]

    private static let script = """
        import sys
        from gguf import GGUFReader
        from gguf.quants import dequantize
        for tensor in GGUFReader(sys.argv[1]).tensors:
            elements = dequantize(tensor.data, tensor.tensor_type)
            elements.astype("<f4").tofile(sys.argv[2] + "/" + tensor.name)
        """

    /// Blocks of any integers under any finite scales, then blocks of a fixture's own making.
    private func blocks(_ type: WeightType) -> [UInt8] {
        var random = SplitMix64(seed: UInt64(type.tensorType.rawValue))
        let count = 65_536 / type.block.elements
        var bytes = type.randomBlocks(count, using: &random)
        for block in 0..<count where block % 2 == 1 {
            for offset in type.halfOffsets {
                let bits =
                    UInt16.random(in: 0..<0x7c00, using: &random) | UInt16.random(in: 0...1, using: &random) << 15
                bytes[block * type.block.bytes + offset] = UInt8(bits & 255)
                bytes[block * type.block.bytes + offset + 1] = UInt8(bits >> 8)
            }
            if type == .mxfp4 { bytes[block * type.block.bytes] = UInt8(block / 2 & 255) }
        }
        let elements = (0..<4096).map { _ in Float.random(in: -2...2, using: &random) }
        return bytes + (type.encoded(elements) ?? [])
    }

    @Test(.enabled(if: python != nil, "SERIN_ORACLE_PYTHON is not set: no Python with the package gguf"))
    func everyTypeIsWhatTheReferencePackageReads() throws {
        let scratch = try ScratchFolder()
        var writer = GGUFWriter()
        for type in WeightType.allCases {
            let bytes = blocks(type)
            let rows = bytes.count / type.block.bytes * type.block.elements / 256
            writer.tensors.append(
                .init(
                    name: "\(type)",
                    type: type.tensorType.rawValue,
                    dimensions: [256, UInt64(rows)],
                    bytes: bytes
                )
            )
        }
        writer.add("general.architecture", .string("llama"))
        let file = try scratch.write("types.gguf", Data(writer.bytes()))
        let errors = URL(fileURLWithPath: scratch.file("errors"))
        let child = try ChildProcess(
            try #require(Self.python),
            ["-c", Self.script, file, scratch.path],
            environment: ProcessInfo.processInfo.environment,
            errors: errors
        )
        let end = try child.waitForEnd()
        #expect(end == .exit(0), "\((try? String(contentsOf: errors, encoding: .utf8)) ?? "")")
        let read = try GGUFFile(path: file)
        for type in WeightType.allCases {
            let tensor = try #require(read.tensor(named: "\(type)"))
            let found = try #require(read.withBytes(of: tensor, tensor.type.dequantized))
            let expected = try Data(contentsOf: URL(fileURLWithPath: scratch.file("\(type)"))).withUnsafeBytes {
                bytes in
                (0..<bytes.count / 4).map {
                    Float(
                        bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self))
                    )
                }
            }
            #expect(found.count == expected.count)
            let first = zip(found, expected).enumerated().first { $1.0 != $1.1 }
            #expect(first == nil, "\(type)")
        }
    }
}
