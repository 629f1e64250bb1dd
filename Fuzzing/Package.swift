// swift-tools-version: 6.2
// A package of its own, so that the instrumented build is nobody's but the fuzzer's. `Fuzzed` holds links to the sources
// of the project that read bytes of strangers.
import PackageDescription

/// Optimised with checks, with libFuzzer's coverage and AddressSanitizer, and with internal declarations for the targets.
let fuzzed: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"]),
]
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")

let package = Package(
    name: "serin-fuzzing",
    platforms: [.macOS(.v15)],
    dependencies: [.package(url: "https://github.com/apple/swift-collections", exact: "1.6.0")],
    targets: [
        .executableTarget(
            name: "fuzz",
            dependencies: ["ChatTemplate", "GGUF", "Inference", "Safetensors", "Tokenizers"],
            swiftSettings: fuzzed,
            // The linker that is the default here cannot read the debug information of an instrumented build.
            linkerSettings: [
                .unsafeFlags(["-sanitize=fuzzer,address"]), .unsafeFlags(["-use-ld=lld"], .when(platforms: [.linux])),
            ]
        ),
        .target(
            name: "CKernels",
            path: "Fuzzed/CKernels",
            cSettings: [.unsafeFlags(["-fsanitize=fuzzer-no-link,address,undefined", "-fsanitize-trap=undefined"])]
        ),
        .target(name: "StrictJSON", path: "Fuzzed/StrictJSON", swiftSettings: fuzzed),
        .target(name: "Safetensors", dependencies: ["StrictJSON"], path: "Fuzzed/Safetensors", swiftSettings: fuzzed),
        .target(name: "ChatTemplate", dependencies: ["StrictJSON"], path: "Fuzzed/ChatTemplate", swiftSettings: fuzzed),
        .target(name: "GGUF", path: "Fuzzed/GGUF", swiftSettings: fuzzed),
        .target(
            name: "Tokenizers",
            dependencies: ["GGUF", heap],
            path: "Fuzzed/Tokenizers",
            swiftSettings: fuzzed
        ),
        .target(
            name: "Inference",
            dependencies: ["CKernels", "GGUF", "Tokenizers", heap],
            path: "Fuzzed/Inference",
            swiftSettings: fuzzed
        ),
    ]
)
