import Artifacts
import Catalog
import Digests
import RegistryTypes

/// Finds and removes the bytes to which no entry of the log refers: a publish that was refused, an upload whose client
/// went away. They are left alone for a grace period after they came or were asked for.
struct BlobCollection: Sendable {
    let blobs: BlobStore
    let catalog: Catalog

    /// Long enough for whoever corrects a card and publishes again.
    static let graceSeconds = 86_400.0

    /// Removes what nothing refers to and nobody asked for since `cutoff`.
    func run(before cutoff: Timestamp) async throws -> CollectionSummary {
        let found = try await unreferenced()
        let removed = try blobs.collect(found, before: cutoff.milliseconds / 1000)
        return CollectionSummary(blobs: removed.count, bytes: removed.reduce(0) { $0 + $1.sizeBytes })
    }

    private func unreferenced() async throws -> [Digest] {
        // Listed before the log is read: what becomes part of a version in between is found in the log.
        let stored = try blobs.list().blobs.map(\.digest)
        let known = try await catalog.read { Set(try $0.blobs().map(\.digest)) }
        return stored.filter { !known.contains($0) }
    }
}

/// What a collection removed.
public struct CollectionSummary: Hashable, Sendable, Codable {
    /// Blobs.
    public let blobs: Int
    /// Their bytes.
    public let bytes: Int64
}
