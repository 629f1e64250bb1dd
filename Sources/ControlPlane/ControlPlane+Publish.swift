import Artifacts
import Catalog
import Digests
import Foundation
import RegistryRecords
public import RegistryTypes
import UserDocuments
public import WireFormat

/// Publishing: facts and card are read from the files, the version is loaded once, and one event is written.
extension ControlPlane {
    /// Publishes a version whose blobs are there. No channel moves.
    ///
    /// The same content again is answered with the version it already has.
    /// - Throws: ``ControlPlaneError``: `conflict` when `expectedVersion` is taken by other content or is not the
    ///   next number; `badData` for a damaged or unsupported weights file, or a card that cannot be read.
    public func publish(_ model: Name, _ request: PublishRequest, by caller: Caller) async throws -> PublishAnswer {
        try caller.require(.publish, to: "publish")
        let manifest = request.manifest
        if let known = try await read({ try $0.version(of: model, manifest: manifest) }) {
            try Self.requireExpected(request.expectedVersion, got: known.id)
            return try await publishAnswer(known, created: false)
        }
        try await read { state in
            try Self.requireFree(request.expectedVersion, model, next: state.nextVersionNumber(of: model), in: state)
            if let from = manifest.lineage?.from { _ = try Self.requireVersion(from, in: state) }
        }
        try requireBlobs(manifest)
        let card = try manifest.card.map { try self.card($0).summary }
        let inspected = try await inspect(manifest, model: model)
        if request.dryRun == true {
            let record = VersionRecord(
                VersionPublished(
                    id: VersionID(model, try await read { try $0.nextVersionNumber(of: model) }),
                    manifest: manifest,
                    message: request.message,
                    facts: inspected.facts,
                    smoke: inspected.smoke,
                    card: card
                ),
                digest: try manifest.digest(),
                publishedBy: caller.name.text,
                publishedAt: configuration.now()
            )
            return try await publishAnswer(record, created: false)
        }
        Failpoint.hit("publish.inspected")
        let events = try await append(by: caller) { state in
            // Somebody else may have published the same content meanwhile.
            if let known = try state.version(of: model, manifest: manifest) {
                try Self.requireExpected(request.expectedVersion, got: known.id)
                return []
            }
            let number = try state.nextVersionNumber(of: model)
            try Self.requireFree(request.expectedVersion, model, next: number, in: state)
            return [
                .versionPublished(
                    VersionPublished(
                        id: VersionID(model, number),
                        manifest: manifest,
                        message: request.message,
                        facts: inspected.facts,
                        smoke: inspected.smoke,
                        card: card
                    )
                )
            ]
        }
        Failpoint.hit("publish.committed")
        guard let record = try await read({ try $0.version(of: model, manifest: manifest) }) else {
            throw ControlPlaneError(.internalFault, "the published version of \(model) is not in the log")
        }
        return try await publishAnswer(record, created: !events.isEmpty)
    }

    /// The text of a card and what it holds.
    func card(_ file: ArtifactFile) throws -> (text: String, summary: CardSummary) {
        let limitBytes: Int64 = 1 << 20
        guard file.sizeBytes <= limitBytes else {
            throw ControlPlaneError(
                .badData,
                "card \(file.path) is larger than 1 MiB",
                next: "move long text into a file of its own"
            )
        }
        do {
            let data = try blobs.read(file.digest)
            let card = try ModelCard(bytes: Array(data), file: file.path)
            return (String(decoding: data, as: UTF8.self), card.summary)
        } catch let error as ArtifactsError {
            throw ControlPlaneError(error)
        } catch let error as DocumentError {
            throw ControlPlaneError(.badData, error.description, next: "correct the card, then publish again")
        }
    }

    private func publishAnswer(_ record: VersionRecord, created: Bool) async throws -> PublishAnswer {
        let previous = try await read { state in
            try state.newestVersions(of: record.id.name).first { $0.id.number < record.id.number }
        }
        return PublishAnswer(version: record, created: created, previous: previous)
    }

    private func requireBlobs(_ manifest: Manifest) throws {
        for file in manifest.files {
            guard let sizeBytes = blobs.sizeBytes(of: file.digest) else {
                throw ControlPlaneError(
                    .badData,
                    "the bytes of \(file.path) (\(file.digest.short)) are not on the server",
                    next: "upload them first; serin publish does"
                )
            }
            guard sizeBytes == file.sizeBytes else {
                throw ControlPlaneError(
                    .badData,
                    "\(file.path) has \(sizeBytes) bytes, the manifest says \(file.sizeBytes)"
                )
            }
        }
    }

    private func inspect(_ manifest: Manifest, model: Name) async throws -> (facts: ModelFacts?, smoke: SmokeResult?) {
        guard let weights = manifest.weights else { return (nil, nil) }
        return try await releases.inspect(weights, model: model)
    }

    private static func requireExpected(_ expected: Int?, got: VersionID) throws {
        guard let expected, expected != got.number else { return }
        throw ControlPlaneError(
            .conflict,
            "this content is published already, as \(got)",
            why: "version \(expected) was expected",
            next: "serin version show \(got)"
        )
    }

    private static func requireFree(_ expected: Int?, _ model: Name, next: Int, in state: CatalogState) throws {
        guard let expected, expected != next else { return }
        let exists = try state.version(VersionID(model, expected)) != nil
        throw ControlPlaneError(
            .conflict,
            exists
                ? "\(model)@\(expected) exists already with other content"
                : "the next version of \(model) is \(next), not \(expected)",
            why: exists ? "a published version never changes" : nil,
            next: "serin publish … --expect-version \(next), or leave the flag out"
        )
    }
}
