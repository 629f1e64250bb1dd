import Catalog
import Digests
import Foundation
import Logging
import RegistryRecords
import RegistryTypes
import Synchronization
import TestSupport
import Testing
import WireFormat

@testable import ControlPlane

/// A control plane over the demo's files in a folder of its own, with a clock that tests move.
final class DemoPlane: Sendable {
    /// A wall clock in the hand of a test.
    final class Clock: Sendable {
        private let value = Mutex(Timestamp(milliseconds: 1_795_000_000_000))
        private let stands = Mutex(false)
        private let run = Mutex(Duration.zero)

        /// The time; each reading is a millisecond later, unless the clock stands.
        func now() -> Timestamp {
            let step: Int64 = stands.withLock { $0 } ? 0 : 1
            return value.withLock { value in
                value = Timestamp(milliseconds: value.milliseconds + step)
                return value
            }
        }

        /// Makes it stand, or go on.
        func stand(_ stands: Bool) { self.stands.withLock { $0 = stands } }

        func advance(seconds: Double) { value.withLock { $0 = $0.adding(seconds: seconds) } }

        /// How long the process runs: only what a test let pass.
        func uptime() -> Duration { run.withLock { $0 } }

        func runOn(seconds: Double) { run.withLock { $0 += .seconds(seconds) } }

        func set(_ time: Timestamp) { value.withLock { $0 = time } }
    }

    static let admin = Caller(name: known("admin"), role: .admin)
    static let model = known("ticket-bot")
    static let production = known("production")

    private let scratch: ScratchFolder
    /// The demo's files, and its data folder in `data`.
    var folder: URL { scratch.url }
    let clock = Clock()
    let plane: ControlPlane

    /// The demo, made once for all tests.
    private static let template = Task {
        let scratch = try ScratchFolder()
        let folder = scratch.url.appending(path: "demo")
        try await DemoCreation.run(files: Checkout.demo, folder: folder, build: "test", logger: silent) { _ in }
        return scratch
    }
    private static let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// Takes over a copy of the demo.
    ///
    /// - Parameter retryPause: How long work waits that something outside it holds up.
    convenience init(retryPause: Duration = .seconds(10)) async throws {
        let scratch = try await ScratchFolder(copying: Self.template.value.url.appending(path: "demo"))
        try await self.init(scratch, retryPause: retryPause)
    }

    /// Takes over a folder, which goes when this does; its clock goes on from a moment, where one is given.
    init(_ scratch: ScratchFolder, from start: Timestamp? = nil, retryPause: Duration = .seconds(10)) async throws {
        self.scratch = scratch
        if let start { clock.set(start) }
        let configuration = ControlPlaneConfiguration(
            folder: scratch.url.appending(path: "data"),
            build: "test",
            now: { [clock] in clock.now() },
            uptime: { [clock] in clock.uptime() },
            drawSeed: { 4242 },
            retryPause: retryPause
        )
        plane = try await ControlPlane.open(configuration, logger: Self.silent)
    }

    /// A name that a test wrote.
    static func known(_ text: String) -> Name {
        do { return try Name(text) } catch { preconditionFailure("\(error)") }
    }

    /// A choice such as `ticket-bot@2`.
    static func choice(_ text: String) throws -> ReleaseChoice { ReleaseChoice(reference: try Reference(text)) }

    /// Stores bytes as a blob.
    func upload(_ data: Data) async throws -> Digest {
        let digest = Digest(of: data)
        let sent = Mutex(false)
        _ = try await plane.registry.uploads.take(digest, sizeBytes: Int64(data.count), offsetBytes: 0, by: Self.admin)
        {
            guard !sent.withLock({ $0 }) else { return nil }
            sent.withLock { $0 = true }
            return UploadChunk { use in try data.withUnsafeBytes { try use($0) } }
        }
        return digest
    }

    /// Stores bytes and describes them as a file of a version.
    func file(_ path: String, _ role: ArtifactFile.Role, _ data: Data) async throws -> ArtifactFile {
        try ArtifactFile(path: path, digest: await upload(data), sizeBytes: Int64(data.count), role: role)
    }

    /// Stores a file of the demo, such as `v3/model.gguf`.
    func demoFile(_ place: String, _ role: ArtifactFile.Role) async throws -> ArtifactFile {
        let url = folder.appending(path: place)
        return try await file(url.lastPathComponent, role, Data(contentsOf: url))
    }

    /// Publishes files as a version of the demo's model, or of another.
    func publish(
        _ files: [ArtifactFile],
        model: Name = DemoPlane.model,
        expected: Int? = nil
    ) async throws -> PublishAnswer {
        try await plane.registry.publishing.publish(
            model,
            PublishRequest(manifest: Manifest(files: files), expectedVersion: expected),
            by: Self.admin
        )
    }

    /// Publishes a version of the demo.
    func publish(_ version: String, expected: Int? = nil) async throws -> PublishAnswer {
        try await publish(
            [demoFile("\(version)/model.gguf", .weights), demoFile("\(version)/card.md", .card)],
            expected: expected
        )
    }

    /// Applies documents.
    func apply(_ text: String, dryRun: Bool = false, by caller: Caller = DemoPlane.admin) async throws -> ApplyAnswer {
        try await plane.registry.documents.apply(
            ApplyRequest(files: [SourceFile(name: "test.yaml", text: text)], dryRun: dryRun),
            by: caller
        )
    }

    /// Promotes a release to production unless another channel is named.
    func promote(
        _ release: String,
        to channel: String = "production",
        reason: String? = nil,
        override: Bool? = nil,
        dryRun: Bool? = nil,
        expected: Int? = nil,
        key: String? = nil,
        by caller: Caller = DemoPlane.admin
    ) async throws -> MoveAnswer {
        try await plane.channels.promote(
            Self.model,
            Self.known(channel),
            PromoteRequest(
                release: Self.choice(release),
                reason: reason,
                override: override,
                dryRun: dryRun,
                expectedRelease: expected,
                idempotencyKey: key
            ),
            by: caller
        )
    }

    /// Says that what is live in a channel has answered enough, as the server does after some requests.
    func settle(_ channel: String = "production") async throws {
        try await plane.overview.ledger.append(by: .system) { state in
            guard let record = try state.channel(Self.model, Self.known(channel)) else { return Change([]) }
            return Change([
                .channelSettled(
                    ChannelSettled(
                        model: record.model,
                        channel: record.channel,
                        release: record.release,
                        move: record.move.seq,
                        answered: ChannelSettled.neededAnswers,
                        failed: 0
                    )
                )
            ])
        }
    }

    /// Takes production back.
    func rollback(
        to: Int? = nil,
        reason: String? = nil,
        dryRun: Bool? = nil,
        expected: Int? = nil,
        key: String? = nil,
        channel: String = "production",
        by caller: Caller = DemoPlane.admin
    ) async throws -> MoveAnswer {
        try await plane.channels.rollback(
            Self.model,
            Self.known(channel),
            RollbackRequest(to: to, reason: reason, dryRun: dryRun, expectedRelease: expected, idempotencyKey: key),
            by: caller
        )
    }

    /// The number of the release that production points to, as memory and as the log have it.
    func live() async throws -> Int {
        let answered = try await plane.registry.releases.resolve(Reference("ticket-bot")).release.number
        let stored = try await plane.overview.status().models.first?.channels.first { $0.channel == Self.production }?
            .release
        #expect(answered == stored)
        return answered
    }

    /// How many entries the log has.
    func head() async throws -> Int { try await plane.overview.status().head }

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

    /// Asks for a canary and waits for its end; inside ``running(_:)``.
    func canary(_ release: String, _ document: String, requests: Int? = nil) async throws -> CanaryView {
        let id = try await plane.experiments.canaries.start(
            CanaryRequest(release: Self.choice(release), document: Self.known(document), requests: requests),
            by: Self.admin
        ).record.id
        try await eventually("\(id) ends", within: .seconds(300)) {
            try await plane.experiments.canaries.show(id).record.state != .running
        }
        return try await plane.experiments.canaries.show(id)
    }
}

/// Expects an error of the control plane of this kind, and gives it.
@discardableResult
func expectError<Value>(
    _ kind: ControlPlaneError.Kind,
    _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Value
) async -> ControlPlaneError? {
    do {
        _ = try await body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as ControlPlaneError {
        #expect(error.kind == kind, comment ?? "\(error)", sourceLocation: sourceLocation)
        return error
    } catch {
        Issue.record("\(error) is not an error of the control plane", sourceLocation: sourceLocation)
    }
    return nil
}

extension Answering {
    /// A request that came just now, of which nothing is kept but what is kept in any case.
    func chat(_ request: ChatRequest, within seconds: Double? = nil, by caller: Caller) async throws -> ChatAnswer {
        let id = RequestID(time: ledger.now(), random: (9, .random(in: .min ... .max)))
        return try await chat(request, Arrival(id, capture: .off, within: seconds), by: caller)
    }

    /// The same for an answer that is written as it comes.
    func stream(_ request: ChatRequest, within seconds: Double? = nil, by caller: Caller) async throws -> ChatStream {
        let id = RequestID(time: ledger.now(), random: (9, .random(in: .min ... .max)))
        return try await stream(request, Arrival(id, capture: .off, within: seconds), by: caller)
    }
}
