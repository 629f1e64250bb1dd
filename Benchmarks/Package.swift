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

let package = Package(
    name: "serin-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        .target(name: "Tickets", swiftSettings: strict),
        .executableTarget(name: "bench", dependencies: ["Tickets"], swiftSettings: [.swiftLanguageMode(.v6)]),
        .executableTarget(name: "capture", dependencies: ["RegistryTypes", "TrafficLog"], swiftSettings: strict),
        .executableTarget(
            name: "drift",
            dependencies: ["Digests", "DriftAnalysis", "RegistryRecords", "RegistryTypes", "Statistics", "StrictJSON"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "engine",
            dependencies: ["ReleaseRuntime", "Tickets", "UserDocuments"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "slo",
            dependencies: ["RegistryRecords", "RegistryTypes", "ServiceLevels", "UserDocuments"],
            swiftSettings: strict
        ),
        .target(name: "CKernels", path: "Measured/CKernels"),
        .systemLibrary(name: "COpenSSL", path: "Measured/COpenSSL", pkgConfig: "libcrypto"),
        .systemLibrary(name: "CZlib", path: "Measured/CZlib", pkgConfig: "zlib"),
        .target(name: "Digests", dependencies: ["COpenSSL"], path: "Measured/Digests", swiftSettings: strict),
        .target(
            name: "DriftAnalysis",
            dependencies: ["Digests", "RegistryRecords", "RegistryTypes", "Statistics"],
            path: "Measured/DriftAnalysis",
            swiftSettings: strict
        ),
        .target(name: "GGUF", path: "Measured/GGUF", swiftSettings: strict),
        .target(
            name: "Inference",
            dependencies: ["CKernels", "GGUF"],
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
            name: "RegistryTypes",
            dependencies: ["Digests", "StrictJSON", "StrictYAML"],
            path: "Measured/RegistryTypes",
            swiftSettings: strict
        ),
        .target(
            name: "ReleaseRuntime",
            dependencies: ["GGUF", "Inference", "RegistryRecords", "RegistryTypes", "UserDocuments"],
            path: "Measured/ReleaseRuntime",
            swiftSettings: strict
        ),
        .target(
            name: "ServiceLevels",
            dependencies: ["RegistryRecords", "RegistryTypes", "Statistics", "UserDocuments"],
            path: "Measured/ServiceLevels",
            swiftSettings: strict
        ),
        .target(name: "Statistics", path: "Measured/Statistics", swiftSettings: strict),
        .target(name: "StrictJSON", path: "Measured/StrictJSON", swiftSettings: strict),
        .target(
            name: "StrictYAML",
            dependencies: [.product(name: "Yams", package: "Yams")],
            path: "Measured/StrictYAML",
            swiftSettings: strict
        ),
        .target(
            name: "TrafficLog",
            dependencies: [
                "CZlib", "Digests", "RegistryFiles", "RegistryRecords", "RegistryTypes", "StrictJSON",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Measured/TrafficLog",
            swiftSettings: strict
        ),
        .target(
            name: "UserDocuments",
            dependencies: ["Digests", "RegistryTypes", "StrictJSON", "StrictYAML"],
            path: "Measured/UserDocuments",
            swiftSettings: strict
        ),
    ]
)
