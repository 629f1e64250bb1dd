// swift-tools-version: 6.2
// A package of its own, so that what measures never enters what is measured.
import PackageDescription

let package = Package(
    name: "serin-benchmarks",
    targets: [.executableTarget(name: "bench", swiftSettings: [.swiftLanguageMode(.v6)])]
)
