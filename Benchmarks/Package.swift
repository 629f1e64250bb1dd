// swift-tools-version: 6.2
// A package of its own, so that what measures never enters what is measured. `Measured` holds links to the sources of
// the project that run inside a measurement; `bench` needs none, it starts the program.
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "serin-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    ],
    targets: [
        .target(name: "Tickets", swiftSettings: strict),
        .executableTarget(name: "bench", dependencies: ["Tickets"], swiftSettings: strict),
        .executableTarget(name: "capture", dependencies: ["RegistryTypes", "TrafficLog"], swiftSettings: strict),
        .executableTarget(
            name: "drift",
            dependencies: [
                "Digests", "DriftAnalysis", "RegistryRecords", "RegistryTypes", "SeededRandom", "Statistics",
                "StrictJSON",
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "engine",
            dependencies: ["ReleaseRuntime", "Tickets", "UserDocuments"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "judge",
            dependencies: ["CanaryJudge", "SeededRandom", "Statistics", "UserDocuments"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "slo",
            dependencies: ["RegistryRecords", "RegistryTypes", "ServiceLevels", "UserDocuments"],
            swiftSettings: strict
        ),
        .executableTarget(name: "text", dependencies: ["ChatTemplate", "GGUF", "Tokenizers"], swiftSettings: strict),
        .target(
            name: "AnswerMetrics",
            dependencies: ["StrictJSON"],
            path: "Measured/AnswerMetrics",
            swiftSettings: strict
        ),
        .target(name: "CKernels", path: "Measured/CKernels"),
        .systemLibrary(name: "COpenSSL", path: "Measured/COpenSSL", pkgConfig: "libcrypto"),
        .systemLibrary(name: "CZlib", path: "Measured/CZlib", pkgConfig: "zlib"),
        .target(
            name: "CanaryJudge",
            dependencies: ["RegistryRecords", "RegistryTypes", "Statistics", "StrictJSON", "UserDocuments", "Wording"],
            path: "Measured/CanaryJudge",
            swiftSettings: strict
        ),
        .target(
            name: "ChatTemplate",
            dependencies: ["StrictJSON"],
            path: "Measured/ChatTemplate",
            swiftSettings: strict
        ),
        .target(name: "Digests", dependencies: ["COpenSSL"], path: "Measured/Digests", swiftSettings: strict),
        .target(
            name: "DriftAnalysis",
            dependencies: ["Digests", "RegistryRecords", "RegistryTypes", "Statistics", "Wording"],
            path: "Measured/DriftAnalysis",
            swiftSettings: strict
        ),
        .target(name: "GGUF", path: "Measured/GGUF", swiftSettings: strict),
        .target(
            name: "Inference",
            dependencies: [
                "CKernels", "GGUF", "Tokenizers", .product(name: "HeapModule", package: "swift-collections"),
            ],
            path: "Measured/Inference",
            swiftSettings: strict
        ),
        .target(
            name: "RegistryFiles",
            path: "Measured/RegistryFiles",
            exclude: ["demo"],
            publicHeadersPath: "include",
            cSettings: [.unsafeFlags(["-std=c2x", "-Wno-c23-extensions"])]
        ),
        .target(
            name: "RegistryRecords",
            dependencies: ["Digests", "RegistryTypes", "StrictJSON", "UserDocuments"],
            path: "Measured/RegistryRecords",
            swiftSettings: strict
        ),
        .target(
            name: "LongWork",
            dependencies: [.product(name: "DequeModule", package: "swift-collections")],
            path: "Measured/LongWork",
            swiftSettings: strict
        ),
        .target(
            name: "RegistryTypes",
            dependencies: ["Digests", "StrictJSON", "StrictYAML"],
            path: "Measured/RegistryTypes",
            swiftSettings: strict
        ),
        .target(
            name: "ReleaseRuntime",
            dependencies: [
                "ChatTemplate", "GGUF", "Inference", "LongWork", "RegistryRecords", "RegistryTypes", "Safetensors",
                "SeededRandom", "Tokenizers", "UserDocuments",
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            path: "Measured/ReleaseRuntime",
            swiftSettings: strict
        ),
        .target(
            name: "SQLiteFiles",
            dependencies: ["RegistryFiles", .product(name: "GRDB", package: "GRDB.swift")],
            path: "Measured/SQLiteFiles",
            swiftSettings: strict
        ),
        .target(
            name: "Safetensors",
            dependencies: ["StrictJSON"],
            path: "Measured/Safetensors",
            swiftSettings: strict
        ),
        .target(name: "SeededRandom", path: "Measured/SeededRandom", swiftSettings: strict),
        .target(
            name: "ServiceLevels",
            dependencies: [
                "RegistryRecords", "RegistryTypes", "Statistics", "UserDocuments", "Wording",
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            path: "Measured/ServiceLevels",
            swiftSettings: strict
        ),
        .target(name: "Statistics", dependencies: ["SeededRandom"], path: "Measured/Statistics", swiftSettings: strict),
        .target(name: "StrictJSON", path: "Measured/StrictJSON", swiftSettings: strict),
        .target(
            name: "StrictYAML",
            dependencies: [.product(name: "Yams", package: "Yams")],
            path: "Measured/StrictYAML",
            swiftSettings: strict
        ),
        .target(
            name: "Tokenizers",
            dependencies: ["GGUF", .product(name: "HeapModule", package: "swift-collections")],
            path: "Measured/Tokenizers",
            swiftSettings: strict
        ),
        .target(
            name: "TrafficFormats",
            dependencies: ["RegistryTypes", "StrictJSON", "StrictYAML"],
            path: "Measured/TrafficFormats",
            swiftSettings: strict
        ),
        .target(
            name: "TrafficLog",
            dependencies: [
                "CZlib", "Digests", "LongWork", "RegistryRecords", "RegistryTypes", "SQLiteFiles", "StrictJSON",
                "TrafficFormats",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Measured/TrafficLog",
            swiftSettings: strict
        ),
        .target(
            name: "UserDocuments",
            dependencies: ["AnswerMetrics", "Digests", "RegistryTypes", "StrictJSON", "StrictYAML", "Wording"],
            path: "Measured/UserDocuments",
            swiftSettings: strict
        ),
        .target(
            name: "Wording",
            dependencies: ["Digests", "RegistryTypes"],
            path: "Measured/Wording",
            swiftSettings: strict
        ),
    ]
)
