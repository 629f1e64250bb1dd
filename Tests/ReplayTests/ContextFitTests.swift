import Foundation
import RegistryTypes
import ReleaseRuntime
import Replay
import TestSupport
import Testing
import UserDocuments

/// What is known of the length of a set's requests before anything runs.
@Suite struct ContextFitTests {
    private static func request(_ number: Int, bytes: Int) -> TrafficRequest {
        let text = String(repeating: "where is it? ", count: bytes / 13 + 1)
        return TrafficRequest(id: "r\(number)", variables: ["ticket": text])
    }

    /// Long requests of twenty, whether that is too many, and what is said.
    @Test(arguments: [(0, false), (1, false), (2, true), (20, true)])
    func longRequestsAreCounted(_ long: Int, _ isTooFew: Bool) throws {
        let release = try LoadedRelease(
            weights: LoadedWeights(path: Checkout.demo.appending(path: "v1/model.gguf").path),
            prompt: Demo.prompt(),
            decoding: DecodingSettings(maxTokens: 64)
        )
        // Longer than the prompt's own limit is another matter, and said by another check.
        let context = release.contextLength
        let tooLong = min(1900, 3 * context)
        let requests = (0..<20).map { Self.request($0, bytes: $0 < long ? tooLong : 20) }
        let fit = ContextFit(requests, release)
        let isLong = (try? release.render(requests[0].variables)) == nil
        guard long > 0 else { return #expect(fit.tooLong == 0 && !fit.isTooFew) }
        try #require(isLong, "the demo's context of \(context) tokens is shorter than \(tooLong) bytes of text")
        #expect(fit.tooLong == long && fit.isTooFew == isTooFew && fit.isComplete && fit.longest >= context)
        #expect(fit.problem.hasPrefix("\(long) of 20 requests \(long == 1 ? "is" : "are") longer than the context of "))
    }

    /// No more than a bounded amount of text is put into tokens.
    @Test func muchTextIsNotLookedAtWhole() throws {
        let release = try LoadedRelease(
            weights: LoadedWeights(path: Checkout.demo.appending(path: "v1/model.gguf").path),
            prompt: Demo.prompt(),
            decoding: DecodingSettings(maxTokens: 64)
        )
        let huge = (0..<3).map {
            TrafficRequest(id: "r\($0)", variables: ["ticket": String(repeating: "a", count: 3 << 20)])
        }
        let fit = ContextFit(huge, release)
        #expect(!fit.isComplete && fit.tooLong == 0)
    }
}
