import Artifacts
import Catalog
import Digests
import Foundation
import RegistryRecords
public import RegistryTypes
import ReleaseRuntime
import UserDocuments
public import WireFormat
import Wording

/// Publishing: facts and card are read from the files, the version is loaded once, and one event is written.
public struct Publishing: Sendable {
    let ledger: Ledger
    let blobs: BlobStore
    let cards: ModelCards
    let releases: LoadedReleases

    /// Publishes a version whose blobs are there. No channel moves.
    ///
    /// The same content again is answered with the version it already has.
    /// - Throws: ``ControlPlaneError``: `conflict` when `expectedVersion` is taken by other content or is not the
    ///   next number; `badData` for a damaged or unsupported weights file, a card that cannot be read, or contents
    ///   that are no file of the manifest.
    public func publish(_ model: Name, _ request: PublishRequest, by caller: Caller) async throws -> PublishAnswer {
        try caller.require(.publishVersion)
        try Remark.checkLength(request.message, called: "message")
        let manifest = request.manifest, digests = try manifest.digests()
        let stored = try take(request.contents ?? [], of: manifest, isDryRun: request.dryRun == true, by: caller)
        let naming = ModelNaming(model, request)
        let isDryRun = request.dryRun == true
        let knownAnswer: @Sendable (CatalogState) throws -> PublishAnswer? = { state in
            if let known = try state.version(of: model, holding: manifest) {
                try Self.requireExpected(request.expectedVersion, got: known.id)
                try state.requireLineage(manifest.lineage, of: known)
                try naming.check(in: state)
                return try state.knownAnswer(known, said: request.message).warning(naming.warning(in: state))
            }
            try naming.check(in: state)
            try Self.requireFree(request.expectedVersion, model, next: state.nextVersionNumber(of: model), in: state)
            if let from = manifest.lineage?.from { _ = try state.requireVersion(from) }
            if let base = manifest.base { try state.requireBase(base) }
            return nil
        }
        // Where there is nothing to read and nothing is missing, it is enough to ask once: when it is written.
        let isOpaque = manifest.files.allSatisfy { $0.role == .opaque }
        if isDryRun || !isOpaque || (try? requireBlobs(manifest, besides: stored)) == nil {
            if let known = try await ledger.read(.usual, knownAnswer) {
                if isDryRun { return known }
                try requireBlobs(manifest, besides: stored)
                // What was published before may have been damaged since: then its bytes are asked for again.
                try await requireSound(manifest.files)
                return try await ledger.append(by: caller) { state in
                    try Self.known(known.version.id, request, naming, in: state)
                }.answer
            }
            let unseen = isDryRun ? manifest.files.map(\.digest).filter { blobs.touch($0) == nil } : []
            guard unseen.isEmpty else {
                return try await forecast(model, request, nil, nil, unseen: unseen, by: caller)
            }
            try requireBlobs(manifest, besides: stored)
        }
        let card = try manifest.card.map { try cards.card($0) }
        let inspected = try await releases.inspect(manifest, model: model)
        // Weights that were loaded were read for it, as was the card.
        let unread = manifest.files.filter { $0.role != .card && (inspected.smoke == nil || $0.role != .weights) }
        try await requireSound(
            unread.filter { !stored.contains(StoredBlob(digest: $0.digest, sizeBytes: $0.sizeBytes)) }
        )
        if isDryRun {
            let answer = try await forecast(model, request, card, inspected, unseen: [], by: caller)
            return try await fitted(answer, inspected.text)
        }
        Failpoint.hit("publish.inspected")
        let answer = try await ledger.append(by: caller) { state in
            // Somebody else may have published the same content meanwhile.
            if let known = try knownAnswer(state) {
                return try Self.known(known.version.id, request, naming, in: state)
            }
            let number = try state.nextVersionNumber(of: model)
            let event = VersionPublished(
                id: VersionID(model, number),
                manifest: manifest,
                message: request.message,
                facts: inspected.facts,
                smoke: inspected.smoke,
                card: card?.summary,
                cannotRun: inspected.cannotRun,
                adapter: inspected.adapter
            )
            let renamed = try naming.warning(in: state)
            return Change([.versionPublished(event)] + (try naming.events(in: state))) { state, entries in
                let record = VersionRecord(
                    event,
                    digest: digests[0],
                    publishedBy: entries[0].actor,
                    publishedAt: entries[0].time
                )
                return try state.publishAnswer(record, created: true, known: false, warnings: card?.warnings)
                    .warning(renamed)
            }
        }.answer
        Failpoint.hit("publish.committed")
        return try await fitted(answer, inspected.text)
    }

    /// What a dry run says that would be published.
    private func forecast(
        _ model: Name,
        _ request: PublishRequest,
        _ card: (text: String, summary: CardSummary, warnings: [String])?,
        _ inspected: LoadedReleases.Inspection?,
        unseen: [Digest],
        by caller: Caller
    ) async throws -> PublishAnswer {
        let now = ledger.now(), digest = try request.manifest.digests()[0]
        return try await ledger.read { state in
            let record = VersionRecord(
                VersionPublished(
                    id: VersionID(model, try state.nextVersionNumber(of: model)),
                    manifest: request.manifest,
                    message: request.message,
                    facts: inspected?.facts,
                    smoke: inspected?.smoke,
                    card: card?.summary,
                    cannotRun: inspected?.cannotRun,
                    adapter: inspected?.adapter
                ),
                digest: digest,
                publishedBy: caller.name.text,
                publishedAt: now
            )
            return try state.publishAnswer(
                record,
                created: false,
                known: false,
                displayName: request.displayName,
                warnings: card?.warnings,
                unseen: unseen
            )
        }
    }

    /// Refuses files whose bytes on the server are no longer what they were; those are out of use then, and missing.
    private func requireSound(_ files: [ArtifactFile]) async throws {
        let reading = BlobReading(blobs: blobs)
        for file in files {
            do { try await reading.requireSound([file.digest]) } catch {
                throw ControlPlaneError.lost("the bytes of \(file.path)", file.digest, error, next: "\(.publish())")
            }
        }
    }

    /// The answer with what is to be said of the prompt that is live.
    private func fitted(_ answer: PublishAnswer, _ text: ModelText?) async throws -> PublishAnswer {
        guard let text else { return answer }
        let model = answer.version.id.name
        let prompt = try await ledger.read { state -> PromptRecord? in
            guard let live = try state.channel(model, .production) else { return nil }
            return try state.requirePrompt(state.requireRelease(ReleaseID(model, live.release)).content.prompt)
        }
        return PublishAnswer(
            version: answer.version,
            created: answer.created,
            known: answer.known,
            previous: answer.previous,
            fit: prompt.map { PromptRendering.fit($0, answer.version.id, text) },
            displayName: answer.displayName,
            warnings: answer.warnings,
            prompts: answer.prompts
        )
    }

    /// Stores the small files that came with the request: all of them are looked at before the first is stored.
    private func take(
        _ contents: [SmallFile],
        of manifest: Manifest,
        isDryRun: Bool,
        by caller: Caller
    ) throws -> Set<StoredBlob> {
        guard !contents.isEmpty else { return [] }
        try caller.require(.uploadFile)
        guard !isDryRun else {
            throw ControlPlaneError(
                .badRequest,
                "a dry run takes no contents",
                why: "it stores nothing",
                next: "leave contents out; what is not on the server yet is told"
            )
        }
        let named = Set(manifest.files.map(\.digest))
        var sizeBytes = 0, files: [Data] = []
        for (index, content) in contents.enumerated() {
            guard let bytes = content.bytes else {
                throw ControlPlaneError(.badRequest, "contents[\(index)].base64 is not base64")
            }
            sizeBytes += bytes.count
            guard sizeBytes <= SmallFile.limitBytes else {
                throw ControlPlaneError(
                    .badRequest,
                    "the contents have more than \(NumberText.bytes(Int64(SmallFile.limitBytes)))",
                    next: "upload larger files on their own, then publish without contents"
                )
            }
            guard named.contains(Digest(of: bytes)) else {
                throw ControlPlaneError(
                    .badRequest,
                    "contents[\(index)] is no file of the manifest",
                    why: "its bytes have the digest \(Digest(of: bytes))"
                )
            }
            files.append(bytes)
        }
        do { return Set(try files.map { try blobs.put($0) }) } catch let error as ArtifactsError {
            throw ControlPlaneError(error)
        }
    }

    /// The answer about content that is known; the display name, and where it came from, are recorded where they are new.
    private static func known(
        _ id: VersionID,
        _ request: PublishRequest,
        _ naming: ModelNaming,
        in state: CatalogState
    ) throws -> Change<PublishAnswer> {
        let lineage = request.manifest.lineage
        let version = try state.requireVersion(id)
        try state.requireLineage(lineage, of: version)
        var events = try naming.events(in: state)
        if let lineage, version.lineage == nil {
            events.append(.versionLineageAdded(VersionLineageAdded(id: id, lineage: lineage)))
        }
        let renamed = try naming.warning(in: state)
        return Change(events) { state, _ in
            try state.knownAnswer(state.requireVersion(id), said: request.message).warning(renamed)
        }
    }

    private func requireBlobs(_ manifest: Manifest, besides stored: Set<StoredBlob>) throws {
        for file in manifest.files
        where !stored.contains(StoredBlob(digest: file.digest, sizeBytes: file.sizeBytes)) {
            // Touched, so that it is not collected while this version is looked at.
            guard let sizeBytes = blobs.touch(file.digest) else {
                throw ControlPlaneError(
                    .badData,
                    "the bytes of \(file.path) (\(file.digest.short)) are not on the server",
                    next: "upload them first; the verb does: \(.publish())"
                )
            }
            guard sizeBytes == file.sizeBytes else {
                // A file that was cut short must not be in the way of the right bytes.
                try? blobs.requireSound(file.digest)
                throw ControlPlaneError(
                    .badData,
                    "\(file.path) has \(sizeBytes) bytes, the manifest says \(file.sizeBytes)"
                )
            }
        }
    }

    private static func requireExpected(_ expected: Int?, got: VersionID) throws {
        guard let expected, expected != got.number else { return }
        throw ControlPlaneError(
            .conflict,
            "this content is published already, as \(got)",
            why: "version \(expected) was expected",
            next: "\(.versionShow(got))"
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
            next: "\(.publish(model: model, expectVersion: next)), or leave the flag out"
        )
    }
}

extension CatalogState {
    /// A version with the one before it.
    fileprivate func publishAnswer(
        _ record: VersionRecord,
        created: Bool,
        known: Bool,
        displayName: DisplayName? = nil,
        warnings: [String]? = nil,
        unseen: [Digest] = []
    ) throws -> PublishAnswer {
        let said = try (quantizedTwice(record).map { [$0] } ?? []) + (warnings ?? [])
        return PublishAnswer(
            version: record,
            created: created,
            known: known,
            previous: try version(before: record.id),
            displayName: try displayName ?? self.displayName(of: record.id.name),
            warnings: said.isEmpty ? nil : said,
            prompts: try promptsToChoose(for: record.id.name),
            unseen: unseen.isEmpty ? nil : unseen
        )
    }

    /// A version that is published already; what is said of it now, where it is something else, is not kept.
    fileprivate func knownAnswer(_ record: VersionRecord, said message: String?) throws -> PublishAnswer {
        let isDropped = message != nil && message != record.message
        return try publishAnswer(
            record,
            created: false,
            known: true,
            warnings: isDropped ? [Remark.notStored(record.id, has: record.message)] : nil
        )
    }

    /// The prompts of which one must be named for a release of a model: none is live with it, and there is not exactly one.
    private func promptsToChoose(for model: Name) throws -> [Name]? {
        let known = try prompts(NamePart(limit: 20))
        return try known.count == 1 || channel(model, .production) != nil ? nil : known
    }
}

extension CatalogState {
    /// What is said now of where a version came from must not contradict what was said before, nor itself.
    fileprivate func requireLineage(_ lineage: Manifest.Lineage?, of version: VersionRecord) throws {
        guard let lineage else { return }
        if let before = version.lineage {
            guard before != lineage else { return }
            throw ControlPlaneError(
                .conflict,
                "this content is published already, as \(version.id), which comes from \(before.words)",
                why: "equal content is the same version, and comes from one place: not from \(lineage.words)",
                next: "\(.versionShow(version.id)); leave --from out"
            )
        }
        var ancestor = try requireVersion(lineage.from)
        for _ in 0..<10_000 {
            guard ancestor.id != version.id else {
                throw ControlPlaneError(
                    .conflict,
                    "\(version.id) cannot come from \(lineage.from), which comes from it",
                    next: "\(.versionShow(lineage.from)); leave --from out"
                )
            }
            guard let next = try ancestor.lineage.flatMap({ try self.version($0.from) }) else { return }
            ancestor = next
        }
    }

    /// What an adapter is laid over must be there as it is named, and be a model that runs.
    fileprivate func requireBase(_ base: AdapterBase) throws {
        let version = try requireVersion(base.version)
        func refusal(_ title: String, _ why: String) -> ControlPlaneError {
            ControlPlaneError(.badData, title, why: why, next: "\(.versionShow(version.id))")
        }
        guard version.manifest.base == nil else {
            throw refusal(
                "\(version.id) is an adapter itself",
                "an adapter is laid over a model, never over another adapter"
            )
        }
        guard version.isLoadable else {
            throw refusal(
                "\(version.id) does not run here, so that nothing can be laid over it",
                version.quarantined ?? version.smoke?.problem ?? version.obstacles.joined(separator: "; ")
            )
        }
        guard version.manifest.weights?.files == base.files else {
            throw refusal(
                "the files named as those of \(version.id) are not its weights",
                "they differ in name, size or digest"
            )
        }
    }

    /// That a version was quantised from one that was quantised already: errors add up, and the second hides the first.
    fileprivate func quantizedTwice(_ record: VersionRecord) throws -> String? {
        guard let lineage = record.lineage, let base = try version(lineage.from),
            let own = record.precision, let before = base.precision, own != before, lineage.method?.text == "quantize",
            !Self.fullPrecisions.contains(before), !Self.fullPrecisions.contains(own)
        else { return nil }
        return
            "\(base.id) is \(before), quantised already: weights quantised twice are worse than those made \(own) at once"
    }

    /// Types of weights as they were trained.
    private static let fullPrecisions: Set = ["F64", "F32", "F16", "BF16"]
}

extension Manifest.Lineage {
    /// Where from and how.
    fileprivate var words: String { "\(from)" + (method.map { " (\($0))" } ?? "") }
}
