import Artifacts
import Catalog
import Digests
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import UserDocuments
import Wording

/// The weights in memory, shared by promotions, canaries, evaluations and chat.
///
/// An actor, because what is loaded is truly shared, and two callers must never load the same weights twice.
actor LoadedReleases {
    private struct Entry {
        let weights: LoadedWeights
        /// The weights under an adapter.
        let base: Digest?
        var lastUse: Int
        /// What answers with these weights, made when something is asked first: one, because requests with the same
        /// weights share its batches.
        var engine: (any AnswerEngine)?
    }

    private let blobs: BlobStore
    private let markers: LoadMarkers
    private let live: ForegroundLoad
    private let inspection = WeightsInspection()
    private let now: @Sendable () -> Timestamp
    private let uptime: @Sendable () -> Duration
    private var entries: [Digest: Entry] = [:]
    /// Loads under way. They belong to this table: ``close()`` waits for them, and no waiter's end cancels one.
    private var loading: [Digest: Task<LoadedWeights, any Error>] = [:]
    /// The last tokenizer and template that were read without their weights.
    private var lastText: (digest: Digest, text: ModelText)?
    private var uses = 0
    private var isClosed = false
    /// Weights that are never dropped: channels point to them, or a rollback would go to them.
    private var pinned: Set<Digest> = []
    private var pinnedAsOf = 0
    /// Who may load now: weights that ended a process before are loaded alone.
    private var turns = LoadTurns()
    /// Whether weights that ended more than one process wait until everything else is loaded.
    private var holdsSuspects = false
    /// Weights kept besides the pinned ones.
    private static let spareCount = 2

    /// - Parameter uptime: How long the process runs.
    init(
        blobs: BlobStore,
        markers: LoadMarkers,
        live: ForegroundLoad,
        now: @escaping @Sendable () -> Timestamp,
        uptime: @escaping @Sendable () -> Duration
    ) {
        self.blobs = blobs
        self.markers = markers
        self.live = live
        self.now = now
        self.uptime = uptime
    }

    /// Makes weights that ended more than one process wait, or lets them be loaded: at a start they come last.
    func holdSuspects(_ hold: Bool) { holdsSuspects = hold }

    /// How many processes in a row ended while they loaded these weights.
    nonisolated func crashes(of weights: Digest) -> Int { markers.crashes(of: weights) }

    /// The versions whose weights are in memory, by the digest of the weights.
    func loadedWeights() -> Set<Digest> { Set(entries.keys) }

    /// What is known of the files of a version before it is published.
    struct Inspection: Sendable {
        var facts: ModelFacts?
        var smoke: SmokeResult?
        var cannotRun: CannotRun?
        /// What an adapter is; nil for a model by itself.
        var adapter: AdapterFacts?
        /// The tokenizer and the template of what can be run.
        var text: ModelText?
    }

    /// Reads the headers of what is being published; loads weights that the engine takes, and runs the smoke test. What it
    /// does not take is kept with every reason, and nothing of it is run.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData` for files that are damaged or do not belong together.
    func inspect(_ manifest: Manifest, model: Name) async throws -> Inspection {
        let safetensors = manifest.files.filter { $0.role == .safetensors }
        let vision = manifest.files.filter { $0.role == .vision }
        for file in vision { _ = try await header([file], model) { try await $0.gguf(paths: $1) } }
        let others =
            safetensors.isEmpty ? nil : try await header(safetensors, model) { try await $0.safetensors(paths: $1) }
        guard let weights = manifest.weights else {
            return Inspection(cannotRun: others?.cannotRun ?? CannotRun(reasons: [CannotRun.noWeights]))
        }
        if let known = entries[weights.digest] {
            return await inspection(of: known.weights)
        }
        if weights.adapter != nil {
            return await inspection(of: try await self.weights(weights, of: model, version: nil))
        }
        let found = try await header(weights.files, model) { try await $0.gguf(paths: $1) }
        if let cannotRun = found.cannotRun {
            for file in weights.files { try Self.verify(file, of: model, blobs) }
            return Inspection(facts: found.facts, cannotRun: cannotRun)
        }
        return await inspection(of: try await self.weights(weights, of: model, version: nil))
    }

    private func inspection(of weights: LoadedWeights) async -> Inspection {
        Inspection(
            facts: weights.facts,
            smoke: await SmokeTest().run(weights, yieldingTo: live),
            adapter: weights.adapter,
            text: weights.text
        )
    }

    /// The tokenizer and the template of weights that were loaded at least once, without loading them again.
    ///
    /// - Throws: ``ControlPlaneError``: a file is gone, damaged or quarantined.
    func text(of files: WeightFiles, _ version: VersionID) async throws -> ModelText {
        if let entry = entries[files.digest] { return entry.weights.text }
        if let lastText, lastText.digest == files.digest { return lastText.text }
        if let marker = markers.quarantined(files.digest) { throw Self.quarantined(files, marker) }
        do {
            let text = try await SmokeTest().text(paths: files.files.map { blobs.path(of: $0.digest) })
            lastText = (files.digest, text)
            return text
        } catch {
            throw ControlPlaneError(
                .badData,
                "the tokenizer of \(version) cannot be read",
                why: "\(error)",
                next: "\(.versionShow(version))"
            )
        }
    }

    /// Reads a header. Where it cannot be believed, damage on disk is told from a file that was always so.
    private func header(
        _ files: [ArtifactFile],
        _ model: Name,
        _ read: (WeightsInspection, [String]) async throws -> WeightsInspection.Found
    ) async throws -> WeightsInspection.Found {
        do {
            return try await read(inspection, files.map { blobs.path(of: $0.digest) })
        } catch {
            for file in files { try Self.verify(file, of: model, blobs) }
            throw ControlPlaneError(
                .badData,
                "\(files.map(\.path).prefix(3).joined(separator: ", ")) cannot be loaded: \(error)",
                why: "a file whose header cannot be believed is not kept as weights",
                next: "download or convert it again; to keep it as it is, publish it under a name without the ending"
            )
        }
    }

    /// A release ready to answer.
    ///
    /// - Throws: ``ControlPlaneError``: the weights are damaged, quarantined or not supported.
    func release(_ plan: ReleasePlan) async throws -> LoadedRelease {
        let weights = try await weights(plan.weights, of: plan.version.name, version: plan.version)
        do {
            let release = try LoadedRelease(weights: weights, prompt: plan.prompt, decoding: plan.content.decoding)
            try release.renderer.check()
            return release
        } catch {
            throw ControlPlaneError(
                .badData,
                "\(plan.version) cannot serve with \(plan.content.prompt)",
                why: "\(error)",
                next: "\(.promptShow(plan.content.prompt.name))"
            )
        }
    }

    /// The weights of a version, without a prompt to go with them.
    ///
    /// - Throws: ``ControlPlaneError``: it holds none, or they are damaged, quarantined or not supported.
    func weights(of version: VersionRecord) async throws -> LoadedWeights {
        guard version.quarantined == nil, version.obstacles.isEmpty, let file = version.manifest.weights else {
            throw ControlPlaneError.cannotRun(version)
        }
        return try await weights(file, of: version.id.name, version: version.id)
    }

    /// A release with what answers with it. Whoever holds the engine keeps it running: a request that
    /// began before a move ends where it began.
    ///
    /// - Throws: ``ControlPlaneError``: the weights cannot be loaded, or there is no memory for the engine.
    func serving(_ plan: ReleasePlan) async throws -> (release: LoadedRelease, engine: any AnswerEngine) {
        let release = try await release(plan)
        let digest = plan.weights.digest
        // Weights that were dropped while this waited must not leave their engine behind.
        let isKept = entries[digest]?.weights === release.weights
        if isKept, let engine = entries[digest]?.engine { return (release, engine) }
        do {
            let engine = try release.weights.makeEngine(live: live)
            if isKept { entries[digest]?.engine = engine }
            return (release, engine)
        } catch {
            throw ControlPlaneError(.unavailable, "\(plan.version) cannot answer now", why: "\(error)")
        }
    }

    /// Waits until every request that was taken is answered.
    func drain() async {
        for engine in engines { await engine.drain() }
    }

    /// Live requests that wait and that are being answered, over all engines.
    func load() -> (active: Int, queued: Int) {
        let load = engines.reduce(EngineLoad()) { $0 + $1.load }
        return (load.active, load.queued)
    }

    private var engines: [any AnswerEngine] { entries.values.compactMap(\.engine) }

    /// Says which weights may never be dropped as of an entry of the log, and drops what is neither among them nor
    /// used lately. Of two calls that cross, the one that read the later entry holds.
    func pin(_ weights: Set<Digest>, asOf head: Int) {
        guard head >= pinnedAsOf else { return }
        pinned = weights
        pinnedAsOf = head
        dropSpare()
    }

    /// Waits for the loads under way; later ones are refused.
    func close() async {
        isClosed = true
        while let task = loading.values.first { _ = await task.result }
        for engine in engines { await engine.close() }
    }

    private func dropSpare() {
        // The weights under an adapter are in memory as long as it is: dropped from here, they would be loaded twice.
        let pinned = self.pinned.union(entries.values.compactMap(\.base))
        let spare = entries.filter { !pinned.contains($0.key) }.sorted { $0.value.lastUse > $1.value.lastUse }
        for (digest, _) in spare.dropFirst(Self.spareCount) { entries[digest] = nil }
    }

    private func weights(_ file: WeightFiles, of model: Name, version: VersionID?) async throws -> LoadedWeights {
        uses += 1
        entries[file.digest]?.lastUse = uses
        if let entry = entries[file.digest] { return entry.weights }
        if let task = loading[file.digest] { return try await task.value }
        guard !isClosed else { throw ControlPlaneError(.unavailable, "the server is shutting down") }
        let task = Task { [blobs, markers, now] in
            // Whether it loads or not, it is over when this ends; nothing runs in between on this actor.
            defer { loading[file.digest] = nil }
            var base: LoadedWeights?
            if let adapter = file.adapter { base = try await self.weights(file.base, of: model, version: adapter.base) }
            try self.requireTurn(file)
            let isAlone = markers.crashes(of: file.digest) > 0
            if !turns.take(alone: isAlone) { await withCheckedContinuation { turns.wait(alone: isAlone, $0) } }
            defer { turns.end() }
            if isAlone { try Self.requireMemory(file) }
            let weights = try await Self.load(file, over: base, of: model, version: version, blobs, markers, now())
            entries[file.digest] = Entry(
                weights: weights,
                base: file.adapter.map { _ in file.base.digest },
                lastUse: uses
            )
            dropSpare()
            return weights
        }
        loading[file.digest] = task
        return try await task.value
    }

    /// Refuses weights whose turn has not come, because they ended processes before.
    private func requireTurn(_ file: WeightFiles) throws {
        let crashes = markers.crashes(of: file.digest)
        let waits =
            "the server process ended \(NumberText.count(crashes, "time")) in a row while it loaded these weights"
        if holdsSuspects, LoadCrashRule.isLoadedLast(crashes: crashes) {
            throw ControlPlaneError(.unavailable, "\(file.path) is loaded after everything else", why: waits)
        }
        let pause = LoadCrashRule.pauseSeconds(crashes: crashes) - uptime() / .seconds(1)
        guard pause > 0 else { return }
        throw ControlPlaneError(
            .unavailable,
            "\(file.path) is tried again in \(NumberText.duration(pause))",
            why: waits,
            next: "to try it now: \(.quarantineLift(.weights(file.digest)))"
        )
    }

    /// Refuses weights that ended a process before where memory may be what they lacked.
    private static func requireMemory(_ file: WeightFiles) throws {
        let needed = (file.adapter.map { [$0.file] } ?? file.files).reduce(0) { $0 + $1.sizeBytes }
        guard let room = MemoryRoom.bytes(), room < needed else { return }
        throw ControlPlaneError(
            .unavailable,
            "there is not enough memory to load \(file.path)",
            why:
                "it takes \(NumberText.bytes(needed)) and \(NumberText.bytes(room)) are free; a process ended while it "
                + "loaded these weights before",
            next: "free some memory: it is tried again every few seconds"
        )
    }

    /// Loads weights whose bytes are verified, with a marker on disk for as long as it takes.
    ///
    /// - Parameter base: the weights under an adapter, in memory already.
    private static func load(
        _ file: WeightFiles,
        over base: LoadedWeights?,
        of model: Name,
        version: VersionID?,
        _ blobs: BlobStore,
        _ markers: LoadMarkers,
        _ now: Timestamp
    ) async throws -> LoadedWeights {
        if let marker = markers.quarantined(file.digest) { throw quarantined(file, marker) }
        for part in file.adapter.map({ [$0.file] }) ?? file.files { try verify(part, of: model, blobs) }
        try markers.begin(LoadMarker(weights: file.digest, version: version, model: model, since: now))
        Failpoint.hit("load.started")
        defer { markers.end(file.digest) }
        do {
            if let base, let adapter = file.adapter {
                return try await SmokeTest().load(base, adapter: blobs.path(of: adapter.file.digest))
            }
            return try await SmokeTest().load(paths: file.files.map { blobs.path(of: $0.digest) })
        } catch {
            if let adapter = file.adapter {
                throw ControlPlaneError(
                    .badData,
                    "\(file.path) cannot be laid over \(adapter.base): \(error)",
                    why: "an adapter changes the matrices of the model that it was made for, and of no other",
                    next: "name the base that it was made for: \(.publish(model: model, base: .some))"
                )
            }
            throw ControlPlaneError(
                .badData,
                "\(file.path) cannot be loaded: \(error)",
                why: "only weights that the embedded engine can load are taken",
                next: Advice(words: LoadedWeights.supported)
            )
        }
    }

    /// Checks the bytes on disk.
    private static func verify(_ file: ArtifactFile, of model: Name, _ blobs: BlobStore) throws {
        do {
            _ = try blobs.verify(file.digest)
        } catch {
            // Damaged bytes make room, so that publishing the same file again brings the right ones.
            if case .damaged = error { try? blobs.discard(file.digest) }
            if case .missing = error {
                throw ControlPlaneError(
                    .badData,
                    "the bytes of \(file.path) (\(file.digest.short)) are not on disk",
                    why: "they were removed, or were damaged and are in the folder trash",
                    next: "publish the same files again: \(.publish(model: model))"
                )
            }
            throw ControlPlaneError(error)
        }
    }

    private static func quarantined(_ file: WeightFiles, _ marker: LoadMarker) -> ControlPlaneError {
        ControlPlaneError(
            .badData,
            "\(file.path) is quarantined",
            why:
                "the server process ended \(LoadCrashRule.maxCrashes) times in a row while it loaded these weights, the last "
                + "time at \(marker.since)",
            next:
                "use other weights; to try these again: \(.quarantineLift(marker.version.map { .version($0) } ?? .weights(file.digest)))"
        )
    }
}
