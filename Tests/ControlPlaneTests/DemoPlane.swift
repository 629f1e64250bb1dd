import ControlPlane
import Digests
import Foundation
import Logging
import RegistryTypes
import Synchronization
import Testing
import WireFormat

/// A control plane over the demo's files in a folder of its own, with a clock that tests move.
final class DemoPlane: Sendable {
    /// A wall clock in the hand of a test.
    final class Clock: Sendable {
        private let value = Mutex(Timestamp(milliseconds: 1_795_000_000_000))

        /// The time; each reading is a millisecond later.
        func now() -> Timestamp {
            value.withLock { value in
                value = Timestamp(milliseconds: value.milliseconds + 1)
                return value
            }
        }

        func advance(seconds: Double) { value.withLock { $0 = $0.adding(seconds: seconds) } }
    }

    static let files =
        ProcessInfo.processInfo.environment["SERIN_DEMO_FILES"].map { URL(filePath: $0) }
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Registry/demo")
    static let admin = Caller(name: known("admin"), role: .admin)
    static let model = known("ticket-bot")
    static let production = known("production")

    let folder: URL
    let clock = Clock()
    let plane: ControlPlane

    /// Makes the demo and takes it over.
    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "serin-plane-\(UUID().uuidString)")
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        try await DemoCreation.run(files: Self.files, folder: folder, build: "test", logger: logger) { _ in }
        let configuration = ControlPlaneConfiguration(
            folder: folder.appending(path: "data"),
            build: "test",
            now: { [clock] in clock.now() },
            drawSeed: { 4242 },
            workers: 2
        )
        plane = try await ControlPlane.open(configuration, logger: logger)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A name that a test wrote.
    static func known(_ text: String) -> Name {
        do { return try Name(text) } catch { preconditionFailure("\(error)") }
    }

    /// A choice such as `ticket-bot@2`.
    static func choice(_ text: String) throws -> ReleaseChoice { ReleaseChoice(reference: try Reference(text)) }

    /// Publishes a version of the demo.
    func publish(_ version: String, expected: Int? = nil) async throws -> PublishAnswer {
        var files: [ArtifactFile] = []
        for (path, role) in [("model.gguf", ArtifactFile.Role.weights), ("card.md", .card)] {
            let data = try Data(contentsOf: folder.appending(path: "\(version)/\(path)"))
            let digest = Digest(of: data)
            let sent = Mutex(false)
            _ = try await plane.upload(digest, sizeBytes: Int64(data.count), offsetBytes: 0) {
                guard !sent.withLock({ $0 }) else { return nil }
                sent.withLock { $0 = true }
                return UploadChunk { use in try data.withUnsafeBytes { try use($0) } }
            }
            files.append(try ArtifactFile(path: path, digest: digest, sizeBytes: Int64(data.count), role: role))
        }
        return try await plane.publish(
            Self.model,
            PublishRequest(manifest: Manifest(files: files), expectedVersion: expected),
            by: Self.admin
        )
    }

    /// Runs the background work until `body` has its answer.
    func running<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await self.plane.run()
                return nil
            }
            group.addTask { try await body() }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }

    /// Asks for a canary and waits for its verdict.
    func canary(_ request: CanaryRequest) async throws -> CanaryView {
        try await running { [plane] in
            let id = try await plane.startCanary(request, by: Self.admin).record.id
            while true {
                let view = try await plane.canary(id)
                if view.record.state != .running { return view }
                await Task.yield()
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
