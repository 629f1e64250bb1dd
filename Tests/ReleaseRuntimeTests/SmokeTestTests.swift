import Foundation
import GGUF
import Inference
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing

@testable import ReleaseRuntime

@Suite struct SmokeTestTests {
    @Test func goodWeightsPass() async throws {
        let smoke = SmokeTest()
        let weights = try await smoke.load(path: DemoRelease.weightsPath)
        let result = await smoke.run(weights)
        #expect(result.passed)
        #expect(result.problem == nil)
        #expect(result.tokenizerRoundTrip == true)
        #expect(result.dependsOnInput == true)
        #expect(result.residentBytes == weights.residentBytes)
        #expect(try #require(result.tokensPerSecond) > 0)
    }

    @Test func weightsThatGiveNoNumbersFail() async throws {
        // The first block's scale becomes a half-precision NaN.
        let result = try await DemoRelease.withDamage("blk.0.ffn_down.weight", at: 0, [0x00, 0x7e]) { path in
            let smoke = SmokeTest()
            return await smoke.run(try await smoke.load(path: path))
        }
        #expect(!result.passed)
        #expect(result.problem?.contains("is not finite; its weights are damaged") == true)
        #expect(result.tokensPerSecond == nil)
    }

    /// Weights that are all zero load and give tokens; whatever is asked, they say the same.
    @Test func weightsThatDoNotLookAtTheInputFail() async throws {
        var data = try Data(contentsOf: URL(filePath: DemoRelease.weightsPath))
        let start = try #require(GGUFFile(path: DemoRelease.weightsPath).tensors.map(\.fileOffset).min())
        data.resetBytes(in: start..<data.count)
        let scratch = try ScratchFolder()
        let smoke = SmokeTest()
        let result = await smoke.run(try await smoke.load(path: scratch.write("zero.gguf", data)))
        #expect(!result.passed && result.dependsOnInput == false)
        #expect(result.problem?.contains("do not depend on what is asked") == true)
    }

    @Test func damagedNormsAreRefusedAtLoading() async throws {
        let name = "output_norm.weight"
        await #expect(throws: InferenceError.inconsistent("tensor \(name) has a value that is not finite")) {
            try await DemoRelease.withDamage(name, at: 0, [0, 0, 0x80, 0x7f]) { try await SmokeTest().load(path: $0) }
        }
    }

    @Test func aTruncatedFileIsRefused() async throws {
        let data = try Data(contentsOf: URL(filePath: DemoRelease.weightsPath))
        let scratch = try ScratchFolder()
        let path = try scratch.write("truncated.gguf", data.prefix(data.count - 1))
        await #expect(throws: GGUFError.self) { try await SmokeTest().load(path: path) }
    }
}
