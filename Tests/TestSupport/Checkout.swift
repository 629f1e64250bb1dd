package import Foundation
package import Testing

/// What lies in the checkout that the tests were built from.
package enum Checkout {
    /// The folder of `Package.swift`.
    package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The files of the demo: the folder in `SERIN_DEMO_FILES`, else `Registry/demo`.
    package static let demo =
        ProcessInfo.processInfo.environment["SERIN_DEMO_FILES"].map { URL(filePath: $0) }
        ?? root.appending(path: "Registry/demo")

    /// The weights of the demo's first version: a real model, small enough for a test.
    package static let demoWeights = demo.appending(path: "v1/model.gguf")

    /// Whether all histories that are drawn at random, and all kills, are tried: `bin/test --full histories` sets it.
    package static let hasAllHistories = ProcessInfo.processInfo.environment["SERIN_TEST_HISTORIES"] == "1"

    /// Whether the slow part of the tests runs: `bin/test --full` sets it.
    package static let isFullRun = ProcessInfo.processInfo.environment["SERIN_TEST_FULL"] == "1"
}

extension Trait where Self == ConditionTrait {
    /// The demo's models are there.
    package static var needsDemo: Self {
        .enabled(
            if: FileManager.default.isReadableFile(atPath: Checkout.demoWeights.path),
            "no models of the demo: Registry/demo/v1/model.gguf is not there"
        )
    }
}
