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
        .executableTarget(name: "bench", dependencies: ["Tickets"], swiftSettings: [.swiftLanguageMode(.v6)]),
        .executableTarget(
            name: "engine",
            dependencies: ["Tickets", "ReleaseRuntime", "RegistryTypes"],
            swiftSettings: strict
        ),
        .target(name: "Tickets", swiftSettings: strict),
        .executableTarget(name: "capture", dependencies: ["TrafficLog", "RegistryTypes"], swiftSettings: strict),
        .executableTarget(
            name: "drift",
            dependencies: ["DriftAnalysis", "Statistics", "RegistryTypes", "Digests"],
            swiftSettings: strict
        ),
        .executableTarget(name: "slo", dependencies: ["ServiceLevels", "RegistryTypes"], swiftSettings: strict),
        .systemLibrary(name: "COpenSSL", path: "Measured/COpenSSL", pkgConfig: "libcrypto"),
        .systemLibrary(name: "CZlib", path: "Measured/CZlib", pkgConfig: "zlib"),
        .target(
            name: "RegistryFiles",
            path: "Measured/RegistryFiles",
            exclude: ["demo"],
            publicHeadersPath: "include",
            cSettings: [.unsafeFlags(["-std=c2x", "-Wno-c23-extensions"])]
        ),
        .target(name: "Digests", dependencies: ["COpenSSL"], path: "Measured/Digests", swiftSettings: strict),
        .target(
            name: "StrictYAML",
            dependencies: [.product(name: "Yams", package: "Yams")],
            path: "Measured/StrictYAML",
            swiftSettings: strict
        ),
        .target(
            name: "RegistryTypes",
            dependencies: ["Digests", "StrictYAML"],
            path: "Measured/RegistryTypes",
            swiftSettings: strict
        ),
        .target(name: "CKernels", path: "Measured/CKernels"),
        .target(name: "GGUF", path: "Measured/GGUF", swiftSettings: strict),
        .target(
            name: "Inference",
            dependencies: ["GGUF", "CKernels"],
            path: "Measured/Inference",
            swiftSettings: strict
        ),
        .target(
            name: "ReleaseRuntime",
            dependencies: ["RegistryTypes", "Inference", "GGUF"],
            path: "Measured/ReleaseRuntime",
            swiftSettings: strict
        ),
        .target(
            name: "TrafficLog",
            dependencies: [
                "RegistryTypes", "Digests", "RegistryFiles", "CZlib", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Measured/TrafficLog",
            swiftSettings: strict
        ),
        .target(name: "Statistics", path: "Measured/Statistics", swiftSettings: strict),
        .target(
            name: "DriftAnalysis",
            dependencies: ["Statistics", "RegistryTypes", "Digests"],
            path: "Measured/DriftAnalysis",
            swiftSettings: strict
        ),
        .target(
            name: "ServiceLevels",
            dependencies: ["Statistics", "RegistryTypes"],
            path: "Measured/ServiceLevels",
            swiftSettings: strict
        ),
    ]
)
