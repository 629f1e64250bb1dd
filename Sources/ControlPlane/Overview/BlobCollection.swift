import Artifacts
import Catalog
import Digests
import RegistryTypes
import Wording

/// Finds and removes the bytes to which no entry of the log refers: a publish that was refused, an upload whose client
/// went away. They are left alone for a grace period after they came or were asked for.
struct BlobCollection: Sendable {
    let blobs: BlobStore
    let catalog: Catalog

    /// Long enough for whoever corrects a card and publishes again.
    static let graceSeconds = 86_400.0

    /// Removes what nothing refers to and nobody asked for since `cutoff`.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData`, with nothing removed, when log or tables are not whole.
    func run(before cutoff: Timestamp) async throws -> CollectionSummary {
        let found = try await unreferenced()
        guard !found.isEmpty else { return CollectionSummary(blobs: 0, bytes: 0) }
        // Only what is about to remove something has to be sure, which costs a reading of the whole log.
        try await requireWhole()
        let named = try await catalog.digestsInEvents()
        let removed = try blobs.collect(found.filter { !named.contains($0) }, before: cutoff.milliseconds / 1000)
        return CollectionSummary(blobs: removed.count, bytes: removed.reduce(0) { $0 + $1.sizeBytes })
    }

    /// Refuses a log that was changed or cut and tables that contradict themselves: what they do not name may be needed.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData`.
    func requireWhole() async throws {
        try await FolderCheck.requireWholeLog(of: catalog)
        let report = try await catalog.checkIntegrity()
        guard let problem = (report.damage + report.dangling).first else { return }
        throw ControlPlaneError(
            .badData,
            "nothing is removed: the tables of this data folder are not whole: \(problem)",
            why: "bytes that they no longer name may be needed",
            next: "\(.serverCheck) names all of it; \(.serverRebuild) makes the tables again from the log"
        )
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
    /// Unfinished uploads and what else interrupted work had left; nil where nobody looked for them.
    public let unfinished: Int?
    /// Their bytes.
    public let unfinishedBytes: Int64?

    init(blobs: Int, bytes: Int64, unfinished: Int? = nil, unfinishedBytes: Int64? = nil) {
        self.blobs = blobs
        self.bytes = bytes
        self.unfinished = unfinished
        self.unfinishedBytes = unfinishedBytes
    }
}
