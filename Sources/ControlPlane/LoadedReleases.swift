import Artifacts
import Catalog
import Digests
import Foundation
import RegistryTypes
import ReleaseRuntime

/// The weights in memory, shared by promotions, canaries, evaluations and chat.
///
/// An actor, because what is loaded is truly shared, and two callers must never load the same weights twice.
actor LoadedReleases {
    private struct Entry {
        let weights: LoadedWeights
        var lastUse: Int
    }

    private let blobs: BlobStore
    private let markers: LoadMarkers
    private let now: @Sendable () -> Timestamp
    private var entries: [Digest: Entry] = [:]
    private var loading: [Digest: Task<LoadedWeights, any Error>] = [:]
    private var workers: [Digest: ReleaseWorker] = [:]
    private var uses = 0
    /// Weights that are never dropped: channels point to them, or a rollback would go to them.
    private var pinned: Set<Digest> = []
    /// Weights kept besides the pinned ones.
    private static let spareCount = 2

    init(blobs: BlobStore, markers: LoadMarkers, now: @escaping @Sendable () -> Timestamp) {
        self.blobs = blobs
        self.markers = markers
        self.now = now
    }

    /// The versions whose weights are in memory, by the digest of the weights.
    func loadedWeights() -> Set<Digest> { Set(entries.keys) }

    /// Reads the header of weights that are being published, loads them and runs the smoke test.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData` for a file the engine cannot use.
    func inspect(_ file: ArtifactFile, model: Name) async throws -> (facts: ModelFacts, smoke: SmokeResult) {
        let weights = try await weights(file, of: model, version: nil)
        return (weights.facts, await SmokeTest().run(weights))
    }

    /// A release ready to answer.
    ///
    /// - Throws: ``ControlPlaneError``: the weights are damaged, quarantined or not supported.
    func release(_ plan: ReleasePlan) async throws -> LoadedRelease {
        let weights = try await weights(plan.weights, of: plan.version.name, version: plan.version)
        do {
            return try LoadedRelease(weights: weights, prompt: plan.prompt, decoding: plan.content.decoding)
        } catch {
            throw ControlPlaneError(
                .badData,
                "\(plan.version) cannot serve with \(plan.content.prompt)",
                why: "\(error)"
            )
        }
    }

    /// A worker that answers single requests with a release; kept for the next one.
    func worker(_ plan: ReleasePlan) async throws -> ReleaseWorker {
        if let worker = workers[plan.digest] { return worker }
        let release = try await release(plan)
        if let worker = workers[plan.digest] { return worker }
        let worker = try ReleaseWorker(release)
        if workers.count >= 8 { workers.removeAll() }
        workers[plan.digest] = worker
        return worker
    }

    /// Says which weights may never be dropped, and drops what is neither pinned nor used lately.
    func pin(_ weights: Set<Digest>) {
        pinned = weights
        let spare = entries.filter { !pinned.contains($0.key) }.sorted { $0.value.lastUse > $1.value.lastUse }
        for (digest, _) in spare.dropFirst(Self.spareCount) { entries[digest] = nil }
        workers = [:]
    }

    private func weights(_ file: ArtifactFile, of model: Name, version: VersionID?) async throws -> LoadedWeights {
        uses += 1
        if entries[file.digest] != nil {
            entries[file.digest]?.lastUse = uses
            if let entry = entries[file.digest] { return entry.weights }
        }
        if let task = loading[file.digest] { return try await task.value }
        let task = Task { [blobs, markers, now] in
            try await Self.load(file, of: model, version: version, blobs, markers, now())
        }
        loading[file.digest] = task
        defer { loading[file.digest] = nil }
        let weights = try await task.value
        entries[file.digest] = Entry(weights: weights, lastUse: uses)
        pin(pinned)
        return weights
    }

    /// Loads weights whose bytes are verified, with a marker on disk for as long as it takes.
    private static func load(
        _ file: ArtifactFile,
        of model: Name,
        version: VersionID?,
        _ blobs: BlobStore,
        _ markers: LoadMarkers,
        _ now: Timestamp
    ) async throws -> LoadedWeights {
        if let marker = markers.quarantined(file.digest) { throw quarantined(file, marker) }
        do {
            _ = try blobs.verify(file.digest)
        } catch {
            throw ControlPlaneError(error)
        }
        try markers.begin(LoadMarker(weights: file.digest, version: version, model: model, since: now))
        Failpoint.hit("load.started")
        defer { markers.end(file.digest) }
        do {
            return try await SmokeTest().load(path: blobs.path(of: file.digest))
        } catch {
            throw ControlPlaneError(
                .badData,
                "\(file.path) cannot be loaded: \(error)",
                why: "only weights that the embedded engine can load are taken",
                next:
                    "GGUF, architecture llama, tensors F32, F16, BF16, Q8_0 or Q4_0, tokenizer gpt2 with pre-tokenizer gpt-2, llama-bpe or qwen2"
            )
        }
    }

    private static func quarantined(_ file: ArtifactFile, _ marker: LoadMarker) -> ControlPlaneError {
        ControlPlaneError(
            .badData,
            "\(file.path) is quarantined",
            why: "the server process ended while it loaded these weights at \(marker.since)",
            next:
                "use other weights; to try these again, remove \(file.digest.hexadecimal) from the folder quarantine in the data folder"
        )
    }
}
