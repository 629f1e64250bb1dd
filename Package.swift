// swift-tools-version: 6.2
// The targets and their imports are the layer table of docs/architecture.md; bin/check-imports compares both.
import PackageDescription

/// Swift 6 mode with every import and existential spelled out; a warning in our code is an error.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]
/// Numeric targets are optimised in debug builds too, so that tests and the demo run at a usable speed.
let numeric = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]
let numericC: [CSetting] = [.unsafeFlags(["-O3"], .when(configuration: .debug))]
/// Files inside the binary by C23 `#embed`.
let embedding: [CSetting] = [.unsafeFlags(["-std=c2x", "-Wno-c23-extensions"])]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "serin",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "serin", targets: ["serin"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // 0 C and files
        .systemLibrary(
            name: "COpenSSL",
            path: "Sources/COpenSSL",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(
            name: "CZlib",
            path: "Sources/CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"])]
        ),
        .target(name: "CKernels", cSettings: numericC),
        .target(name: "CProcess", cSettings: [.define("_GNU_SOURCE")]),
        .target(
            name: "RegistryFiles",
            path: "Registry",
            exclude: ["demo", "examples"],
            publicHeadersPath: "include",
            cSettings: embedding
        ),
        .target(name: "PolicyFiles", path: "Policies", publicHeadersPath: "include", cSettings: embedding),
        .target(name: "WebFiles", path: "Web", publicHeadersPath: "include", cSettings: embedding),
        // 1 values
        .target(name: "DurableFiles"),
        .target(name: "Digests", dependencies: ["COpenSSL"]),
        .target(name: "StrictYAML", dependencies: [yams]),
        .target(name: "StrictJSON"),
        .target(name: "AnswerMetrics", dependencies: ["StrictJSON"], swiftSettings: numeric),
        .target(name: "RegistryTypes", dependencies: ["Digests", "StrictYAML", "StrictJSON"]),
        .target(name: "TrafficFormats", dependencies: ["StrictYAML", "StrictJSON", "RegistryTypes"]),
        .target(name: "Wording", dependencies: ["Digests", "RegistryTypes"], swiftSettings: numeric),
        .target(
            name: "UserDocuments",
            dependencies: ["Digests", "StrictYAML", "StrictJSON", "AnswerMetrics", "RegistryTypes", "Wording"]
        ),
        .target(
            name: "RegistryRecords",
            dependencies: ["Digests", "StrictJSON", "RegistryTypes", "UserDocuments"]
        ),
        .target(name: "LongWork", dependencies: [deque]),
        .target(name: "SeededRandom", swiftSettings: numeric),
        .target(name: "Statistics", dependencies: ["SeededRandom"], swiftSettings: numeric),
        .target(name: "GGUF", swiftSettings: numeric),
        .target(name: "Safetensors", dependencies: ["StrictJSON"]),
        .target(name: "ChatTemplate", dependencies: ["StrictJSON"], swiftSettings: numeric),
        .target(name: "Tokenizers", dependencies: ["GGUF", heap], swiftSettings: numeric),
        .target(name: "Inference", dependencies: ["CKernels", "GGUF", "Tokenizers", heap], swiftSettings: numeric),
        .target(
            name: "WireFormat",
            dependencies: ["Digests", "RegistryTypes", "Wording", "UserDocuments", "RegistryRecords"]
        ),
        .target(name: "DemoTraffic", dependencies: ["RegistryTypes", "SeededRandom"]),
        // 2 rules, store, engine
        .target(
            name: "CanaryJudge",
            dependencies: ["StrictJSON", "RegistryTypes", "Wording", "UserDocuments", "RegistryRecords", "Statistics"],
            swiftSettings: numeric
        ),
        .target(
            name: "DriftAnalysis",
            dependencies: ["Digests", "RegistryTypes", "Wording", "RegistryRecords", "Statistics"],
            swiftSettings: numeric
        ),
        .target(
            name: "ServiceLevels",
            dependencies: ["RegistryTypes", "Wording", "UserDocuments", "RegistryRecords", "Statistics", deque],
            swiftSettings: numeric
        ),
        .target(
            name: "PolicyRules",
            dependencies: ["RegistryTypes", "Wording", "UserDocuments", "RegistryRecords"]
        ),
        .target(
            name: "RolloutRules",
            dependencies: [
                "Digests", "StrictJSON", "RegistryTypes", "Wording", "UserDocuments", "RegistryRecords", "Statistics",
            ],
            swiftSettings: numeric
        ),
        .target(name: "Artifacts", dependencies: ["DurableFiles", "Digests"]),
        .target(name: "SQLiteFiles", dependencies: ["RegistryFiles", grdb]),
        .target(
            name: "Catalog",
            dependencies: [
                "RegistryFiles", "DurableFiles", "Digests", "StrictJSON", "RegistryTypes", "UserDocuments",
                "RegistryRecords", "SQLiteFiles", deque, grdb,
            ]
        ),
        .target(
            name: "TrafficLog",
            dependencies: [
                "CZlib", "Digests", "StrictJSON", "RegistryTypes", "TrafficFormats", "RegistryRecords", "LongWork",
                "SQLiteFiles", deque, grdb,
            ]
        ),
        .target(
            name: "ReleaseRuntime",
            dependencies: [
                "RegistryTypes", "UserDocuments", "RegistryRecords", "SeededRandom", "GGUF", "Safetensors",
                "ChatTemplate", "Tokenizers", "Inference", "LongWork", deque,
            ]
        ),
        .target(
            name: "ModelInspection",
            dependencies: [
                "RegistryTypes", "RegistryRecords", "Wording", "WireFormat", "GGUF", "ChatTemplate", "Tokenizers",
                "Inference", "Statistics", "LongWork", "ReleaseRuntime",
            ],
            swiftSettings: numeric
        ),
        .target(name: "StoredLogins", dependencies: ["DurableFiles"]),
        // 3 work
        .target(
            name: "Replay",
            dependencies: [
                "AnswerMetrics", "RegistryTypes", "Wording", "UserDocuments", "RegistryRecords", "SeededRandom",
                "Statistics", "CanaryJudge", "DriftAnalysis", "TrafficLog", "ReleaseRuntime",
            ]
        ),
        .target(
            name: "Gateway",
            dependencies: [
                "Digests", "StrictJSON", "RegistryTypes", "UserDocuments", "ChatTemplate", "LongWork",
                "ReleaseRuntime",
            ]
        ),
        .target(
            name: "ControlPlane",
            dependencies: [
                "PolicyFiles", "DurableFiles", "Digests", "StrictJSON", "AnswerMetrics", "RegistryTypes",
                "TrafficFormats", "Wording", "UserDocuments", "RegistryRecords", "Statistics", "WireFormat", "LongWork",
                "DriftAnalysis", "ServiceLevels", "PolicyRules",
                "RolloutRules", "Artifacts", "Catalog", "TrafficLog", "ReleaseRuntime", "ModelInspection", "Replay",
                "Gateway", lifecycle, logging,
            ]
        ),
        // 4 edge
        .target(
            name: "Pages",
            dependencies: [
                "WebFiles", "Digests", "StrictJSON", "RegistryTypes", "Wording", "UserDocuments", "RegistryRecords",
                "WireFormat", mustache,
            ]
        ),
        .target(
            name: "Server",
            dependencies: [
                "DurableFiles", "Digests", "StrictJSON", "RegistryTypes", "Wording", "UserDocuments", "RegistryRecords",
                "WireFormat", "LongWork", "StoredLogins", "Gateway", "ControlPlane", "Pages", httpTypes, hummingbird,
                hummingbirdCore,
                hummingbirdTLS, lifecycle, logging, nioCore, nioHTTPTypes, unixSignals,
            ]
        ),
        .target(
            name: "Commands",
            dependencies: [
                "CProcess", "Digests", "StrictJSON", "RegistryTypes", "Wording", "UserDocuments", "RegistryRecords",
                "WireFormat", "DemoTraffic", "TrafficFormats", "CanaryJudge", "ModelInspection", "StoredLogins", "GGUF",
                "Safetensors",
                "Inference", argumentParser,
                asyncHTTPClient, nioCore, nioHTTP1,
            ]
        ),
        // 5 main
        .executableTarget(
            name: "serin",
            dependencies: ["Wording", "Server", "Commands", argumentParser]
        ),
        // tests
        .target(name: "TestSupport", dependencies: ["GGUF"], path: "Tests/TestSupport"),
        .testTarget(name: "ArchitectureTests", dependencies: ["TestSupport"]),
        .testTarget(name: "DigestsTests", dependencies: ["Digests"]),
        .testTarget(
            name: "AnswerMetricsTests",
            dependencies: ["AnswerMetrics"],
            exclude: ["Golden", "metrics_oracle.py"]
        ),
        .testTarget(name: "StrictYAMLTests", dependencies: ["StrictYAML"]),
        .testTarget(
            name: "RegistryTypesTests",
            dependencies: ["Digests", "StrictJSON", "RegistryTypes", "SeededRandom", "UserDocuments", "TestSupport"]
        ),
        .testTarget(
            name: "RegistryRecordsTests",
            dependencies: ["Digests", "StrictJSON", "RegistryTypes", "UserDocuments", "RegistryRecords"]
        ),
        .testTarget(
            name: "WordingTests",
            dependencies: ["Digests", "RegistryTypes", "Wording"]
        ),
        .testTarget(
            name: "StatisticsTests",
            dependencies: ["SeededRandom", "Statistics", "TestSupport"]
        ),
        .testTarget(
            name: "SafetensorsTests",
            dependencies: ["SeededRandom", "Safetensors", "TestSupport"]
        ),
        .testTarget(name: "GGUFTests", dependencies: ["SeededRandom", "GGUF", "TestSupport"]),
        .testTarget(
            name: "ChatTemplateTests",
            dependencies: ["RegistryTypes", "UserDocuments", "SeededRandom", "ChatTemplate", "TestSupport"],
            exclude: ["Golden", "jinja_oracle.py"]
        ),
        .testTarget(
            name: "TokenizersTests",
            dependencies: ["SeededRandom", "GGUF", "Tokenizers", "TestSupport"],
            swiftSettings: numeric
        ),
        .testTarget(
            name: "InferenceTests",
            dependencies: ["CKernels", "SeededRandom", "GGUF", "Tokenizers", "Inference", "TestSupport"],
            exclude: ["Golden", "reference"],
            swiftSettings: numeric
        ),
        .testTarget(
            name: "CanaryJudgeTests",
            dependencies: [
                "RegistryTypes", "UserDocuments", "RegistryRecords", "SeededRandom", "Statistics", "CanaryJudge",
                "TestSupport",
            ],
            swiftSettings: numeric
        ),
        .testTarget(
            name: "DriftAnalysisTests",
            dependencies: [
                "Digests", "StrictJSON", "RegistryTypes", "RegistryRecords", "SeededRandom", "Statistics",
                "DriftAnalysis", "TestSupport",
            ],
            swiftSettings: numeric
        ),
        .testTarget(
            name: "ServiceLevelsTests",
            dependencies: [
                "Digests", "StrictJSON", "RegistryTypes", "UserDocuments", "RegistryRecords", "SeededRandom",
                "ServiceLevels", "Statistics", "TestSupport",
            ],
            swiftSettings: numeric
        ),
        .testTarget(
            name: "RolloutRulesTests",
            dependencies: [
                "Digests", "RegistryTypes", "UserDocuments", "RegistryRecords", "SeededRandom", "Statistics",
                "ServiceLevels", "RolloutRules",
            ],
            swiftSettings: numeric
        ),
        .testTarget(
            name: "ModelInspectionTests",
            dependencies: [
                "WireFormat", "GGUF", "Tokenizers", "Inference", "ReleaseRuntime", "ModelInspection", "TestSupport",
            ],
            swiftSettings: numeric
        ),
        .testTarget(
            name: "GatewayTests",
            dependencies: ["StrictJSON", "RegistryTypes", "UserDocuments", "ReleaseRuntime", "Gateway", "TestSupport"]
        ),
        .testTarget(
            name: "PolicyRulesTests",
            dependencies: [
                "PolicyFiles", "StrictJSON", "RegistryTypes", "UserDocuments", "RegistryRecords", "SeededRandom",
                "PolicyRules", "TestSupport",
            ]
        ),
        .testTarget(
            name: "ArtifactsTests",
            dependencies: ["DurableFiles", "Digests", "Artifacts", "TestSupport"]
        ),
        .testTarget(
            name: "CatalogTests",
            dependencies: [
                "Digests", "StrictJSON", "SeededRandom", "RegistryTypes", "UserDocuments", "RegistryRecords", "Catalog",
                "TestSupport", grdb,
            ],
            exclude: ["Fixtures"]
        ),
        .testTarget(
            name: "TrafficFormatsTests",
            dependencies: ["StrictJSON", "RegistryTypes", "TrafficFormats"],
            exclude: ["Files"]
        ),
        .testTarget(
            name: "TrafficLogTests",
            dependencies: [
                "Digests", "StrictJSON", "RegistryTypes", "TrafficFormats", "RegistryRecords", "SQLiteFiles",
                "TrafficLog",
                "TestSupport", grdb,
            ]
        ),
        .testTarget(
            name: "ReleaseRuntimeTests",
            dependencies: [
                "RegistryTypes", "UserDocuments", "RegistryRecords", "SeededRandom", "GGUF", "ChatTemplate",
                "Tokenizers", "Inference", "LongWork", "ReleaseRuntime", "TestSupport",
            ]
        ),
        .testTarget(
            name: "ReplayTests",
            dependencies: [
                "AnswerMetrics", "Digests", "StrictJSON", "RegistryTypes", "UserDocuments", "RegistryRecords",
                "CanaryJudge",
                "TrafficLog",
                "ReleaseRuntime", "Replay", "TestSupport",
            ]
        ),
        .testTarget(
            name: "ControlPlaneTests",
            dependencies: [
                "Digests", "StrictJSON", "RegistryTypes", "Wording", "RegistryRecords", "WireFormat", "ServiceLevels",
                "UserDocuments", "RolloutRules", "Artifacts", "Catalog", "DriftAnalysis", "TrafficLog", "GGUF",
                "Gateway",
                "ControlPlane",
                "TestSupport", grdb, logging,
            ]
        ),
        .testTarget(
            name: "PagesTests",
            dependencies: [
                "Digests", "StrictJSON", "RegistryTypes", "UserDocuments", "RegistryRecords", "WireFormat", "Pages",
            ],
            exclude: ["Golden"]
        ),
        .testTarget(
            name: "DemoTrafficTests",
            dependencies: ["StrictJSON", "SeededRandom", "DemoTraffic", "TestSupport"]
        ),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Digests", "RegistryTypes", "Wording", "UserDocuments", "RegistryRecords", "WireFormat", "Catalog",
                "Gateway", "StoredLogins", "ControlPlane", "Pages", "Server", "TestSupport", grdbSQLite, httpTypes,
                hummingbird, hummingbirdTesting, logging,
            ]
        ),
        .testTarget(
            name: "CommandsTests",
            dependencies: [
                "CProcess", "StrictJSON", "RegistryTypes", "Wording", "UserDocuments", "RegistryRecords", "WireFormat",
                "DemoTraffic", "StoredLogins", "Commands", "serin", "TestSupport", argumentParser,
            ],
            exclude: ["Fixtures", "Golden"]
        ),
        .testTarget(
            name: "AgreementTests",
            dependencies: ["RegistryTypes", "Wording", "WireFormat", "Pages", "Commands", "TestSupport"]
        ),
        .testTarget(
            name: "ScenarioTests",
            dependencies: [
                "Digests", "RegistryTypes", "RegistryRecords", "SeededRandom", "WireFormat", "GGUF", "TestSupport",
                grdb,
            ]
        ),
    ]
)

// What says nothing else is strict. System libraries and C have no Swift.
for target in package.targets where target.type != .system && target.swiftSettings == nil && target.cSettings == nil {
    target.swiftSettings = strict
}
