import Artifacts
import Digests
public import Foundation
public import Logging
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// Makes a folder in which the ten-minute story can be played: the three versions as files, and a data folder
/// with the first one live in production.
public enum DemoCreation {
    /// The folders of the demo's files.
    private static let parts = ["v1", "v2", "v3", "traffic", "suites", "documents"]

    /// Makes the folder.
    ///
    /// - Parameters:
    ///   - files: The demo's files as they come with serin.
    ///   - folder: The folder to make; it must not exist, or be empty.
    ///   - report: Called with a line for each step.
    /// - Throws: ``ControlPlaneError``: `conflict` when the folder holds something, `notFound` without the files.
    public static func run(
        files: URL,
        folder: URL,
        build: String,
        logger: Logger,
        report: (String) -> Void
    ) async throws {
        let manager = FileManager.default
        let present = (try? manager.contentsOfDirectory(atPath: folder.path)) ?? []
        guard present.isEmpty else {
            throw ControlPlaneError(
                .conflict,
                "\(folder.path) is not empty",
                next: "name a new folder: \(.demoCreate)"
            )
        }
        for part in parts where !manager.fileExists(atPath: files.appending(path: part).path) {
            throw ControlPlaneError(
                .notFound,
                "the demo's files are not at \(files.path)",
                why: "\(part) is missing",
                next: "set SERIN_DEMO_FILES to the folder Registry/demo of the source"
            )
        }
        try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        for part in parts {
            try manager.copyItem(at: files.appending(path: part), to: folder.appending(path: part))
        }
        let configuration = ControlPlaneConfiguration(
            folder: folder.appending(path: "data"),
            build: build
        )
        let plane = try await ControlPlane.open(configuration, logger: logger)
        do {
            try await fill(plane, from: folder, report: report)
        } catch {
            try? await plane.close()
            throw error
        }
        try await plane.close()
    }

    private static func fill(_ plane: ControlPlane, from folder: URL, report: (String) -> Void) async throws {
        let caller = Caller(name: .known("demo"), role: .admin)
        let model = Name.known("ticket-bot")
        let published = try await plane.registry.publishing.publish(
            model,
            PublishRequest(
                manifest: Manifest(files: [
                    try store(folder.appending(path: "v1/model.gguf"), as: "model.gguf", .weights, in: plane),
                    try store(folder.appending(path: "v1/card.md"), as: "card.md", .card, in: plane),
                ]),
                message: "the first version"
            ),
            by: caller
        )
        report("published \(published.version.id)")
        let documents = try ["prompt.yaml", "canary.yaml", "slo.yaml", "policy.yaml"].map { name in
            SourceFile(name: name, text: try text(folder.appending(path: "documents/\(name)")))
        }
        for change in try await plane.registry.documents.apply(ApplyRequest(files: documents), by: caller).changes {
            report("applied \(change.kind) \(change.name)")
        }
        for (name, path) in [("week47", "traffic/week47.jsonl"), ("golden", "suites/golden.jsonl")] {
            let file = try store(folder.appending(path: path), as: "requests.jsonl", .opaque, in: plane)
            let record = try await plane.traffic.sets.import(Name(name), TrafficImport(digest: file.digest), by: caller)
            report("imported \(record.name): \(NumberText.count(record.requests, "request"))")
        }
        let choice = ReleaseChoice(reference: Reference(model: model, selector: .version(1)))
        let evaluation = try await plane.experiments.evaluations.evaluate(
            EvaluationRequest(release: choice, suite: .known("golden")),
            by: caller
        )
        report("evaluated on golden: \(evaluation.id)")
        let move = try await plane.channels.promote(
            model,
            .production,
            PromoteRequest(release: choice, reason: "the first version"),
            by: caller
        )
        guard move.outcome == .moved else {
            throw ControlPlaneError(
                .internalFault,
                "the demo's first version was not promoted: \(move.outcome.rawValue)",
                why: move.decision?.blockers.map { "\($0.id): \($0.found)" }.joined(separator: "; ")
            )
        }
        report("promoted \(move.to.id) to production")
    }

    private static func store(
        _ url: URL,
        as path: String,
        _ role: ArtifactFile.Role,
        in plane: ControlPlane
    ) throws -> ArtifactFile {
        let stored = try plane.stores.blobs.put(Data(contentsOf: url))
        return try ArtifactFile(path: path, digest: stored.digest, sizeBytes: stored.sizeBytes, role: role)
    }

    private static func text(_ url: URL) throws -> String { try String(contentsOf: url, encoding: .utf8) }
}
