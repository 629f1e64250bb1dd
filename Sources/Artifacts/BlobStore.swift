public import Digests
public import Foundation
import Synchronization

/// Files by the SHA-256 of their bytes, below `blobs/` of a data folder. A blob is there whole or not at all, and
/// never changes; it is readable by its owner alone (the folders are closed) and writable by nobody.
public struct BlobStore: Sendable {
    private let folder: DataFolder
    private let claims = UploadClaims()
    private let temporaries = TemporaryNames()
    private let durableFolders = DurableFolders()

    /// The most bytes of unfinished uploads of one owner, besides the one that is being sent.
    private let unfinishedLimitBytes: Int64
    /// The most unfinished uploads of one owner.
    static let maxUnfinished = 1000

    /// The blobs of `folder`.
    ///
    /// - Parameter unfinishedLimitBytes: The most bytes of unfinished uploads of one owner, besides the one that is being
    ///   sent; a quarter of the disk where that is less.
    public init(_ folder: DataFolder, unfinishedLimitBytes: Int64 = 64 << 30) {
        self.folder = folder
        self.unfinishedLimitBytes = unfinishedLimitBytes
    }

    var root: String { folder.root }

    // MARK: Where a blob is

    /// The parts of the path of a blob below the data folder: the one place that knows them.
    static func location(of digest: Digest) -> (folders: [String], name: String) {
        let name = digest.hexadecimal
        return (["blobs", "sha256", String(name.prefix(2)), String(name.dropFirst(2).prefix(2))], name)
    }

    /// The path at which the bytes of `digest` are, when they are stored; for opening it read-only.
    public func path(of digest: Digest) -> String {
        let (folders, name) = BlobStore.location(of: digest)
        return ([root] + folders + [name]).joined(separator: "/")
    }

    /// The size of a stored blob; nil when it is not stored.
    public func sizeBytes(of digest: Digest) -> Int64? {
        let (folders, name) = BlobStore.location(of: digest)
        guard let folder = try? open(folders, making: false) else { return nil }
        return folder.facts(of: name)?.sizeBytes
    }

    /// Says that a stored blob is wanted, so that it is not collected for another grace period.
    ///
    /// - Returns: Its size; nil when it is not stored.
    public func touch(_ digest: Digest) -> Int64? {
        let (folders, name) = BlobStore.location(of: digest)
        guard let folder = try? open(folders, making: false), folder.touch(name) else { return nil }
        return folder.facts(of: name)?.sizeBytes
    }

    /// Whether a blob is stored. Says nothing about its bytes; see ``verify(_:)``.
    public func contains(_ digest: Digest) -> Bool { sizeBytes(of: digest) != nil }

    // MARK: In

    /// Begins to store a blob, or goes on where an earlier upload of it stopped: ``Upload/offset`` says where. The
    /// bytes that are there already are read once for their hash (about half a second per GiB).
    ///
    /// - Parameter owner: Who sends it, as letters that a file name may have. What others sent is never gone on with: it may
    ///   be anything.
    /// - Throws: ``ArtifactsError/uploadInProgress(_:)`` while the same owner sends it already,
    ///   ``ArtifactsError/tooMuchUnfinished(owner:count:sizeBytes:)`` for one who left too much of others,
    ///   ``ArtifactsError/diskFull(path:missingBytes:)`` when the rest does not fit.
    public func open(digest: Digest, sizeBytes: Int64, of owner: String = "") throws(ArtifactsError) -> Upload {
        guard sizeBytes >= 0 else { throw .badSize(digest, sizeBytes: sizeBytes) }
        let part = UploadPart(digest: digest, owner: owner)
        let claim = try claims.take(part)
        try requireQuota(of: part, in: staging())
        return try Upload(store: self, claim: claim, sizeBytes: sizeBytes, staging: staging())
    }

    /// Bytes of an unfinished upload of `owner` that are on disk; nil when there are none.
    public func uploadedBytes(of digest: Digest, of owner: String = "") -> Int64? {
        (try? staging())?.facts(of: UploadPart(digest: digest, owner: owner).name)?.sizeBytes
    }

    /// Stores `data` under its digest; does nothing when it is stored already and undamaged.
    ///
    /// - Throws: ``ArtifactsError/diskFull(path:missingBytes:)`` and system errors; nothing is kept then.
    @discardableResult
    public func put(_ data: Data) throws(ArtifactsError) -> StoredBlob {
        let blob = StoredBlob(digest: Digest(of: data), sizeBytes: Int64(data.count))
        let (folders, blobName) = BlobStore.location(of: blob.digest)
        let target = try open(folders, making: true, synced: true)
        if target.facts(of: blobName)?.sizeBytes == blob.sizeBytes, touch(blob.digest) == blob.sizeBytes,
            (try? verify(blob.digest)) != nil
        {
            return blob
        }
        let staging = try staging()
        let name = temporaries.take()
        defer { temporaries.release(name) }
        let file = try staging.createFile(name, flags: O_RDWR | O_EXCL)
        do throws(ArtifactsError) {
            let (written, code) = data.withUnsafeBytes { file.write($0) }
            guard code == 0 else {
                throw failure("write", path: file.path, code: code, missing: blob.sizeBytes - Int64(written))
            }
            try publish(name, file: file, in: staging, to: target, as: blobName)
            return blob
        } catch {
            try? staging.remove(name)
            throw error
        }
    }

    /// Makes the staged file `name`, whose bytes have `digest`, a blob: file, then name, both synced. A file that
    /// could not be synced is removed, since its bytes can no longer be trusted.
    func publish(
        _ name: String,
        file: borrowing OpenFile,
        in staging: borrowing Folder,
        digest: Digest
    ) throws(ArtifactsError) {
        let (folders, blobName) = BlobStore.location(of: digest)
        try publish(name, file: file, in: staging, to: open(folders, making: true, synced: true), as: blobName)
    }

    private func publish(
        _ name: String,
        file: borrowing OpenFile,
        in staging: borrowing Folder,
        to target: borrowing Folder,
        as blobName: String
    ) throws(ArtifactsError) {
        try file.setMode(0o444)
        do throws(ArtifactsError) {
            try file.sync()
        } catch {
            try? staging.remove(name)
            guard case .system(_, let path, let code) = error else { throw error }
            throw failure("sync", path: path, code: code, missing: 1)
        }
        Failpoint.hit("upload.synced")
        try staging.move(name, to: target, as: blobName)
        Failpoint.hit("upload.renamed")
        try target.sync()
        try staging.sync()
    }

    // MARK: Out

    /// Reads the whole blob and compares its hash, with constant memory.
    ///
    /// - Throws: ``ArtifactsError/missing(_:)``, ``ArtifactsError/damaged(_:actual:)``.
    @discardableResult
    public func verify(_ digest: Digest) throws(ArtifactsError) -> StoredBlob {
        let file = try openBlob(digest)
        var hash = SHA256Stream()
        var sizeBytes: Int64 = 0
        try file.forEachChunk { chunk in
            hash.update(chunk)
            sizeBytes += Int64(chunk.count)
        }
        let actual = hash.finish()
        guard actual == digest else { throw .damaged(digest, actual: actual) }
        return StoredBlob(digest: digest, sizeBytes: sizeBytes)
    }

    /// Verifies a blob that somebody wants. One that is damaged is taken out of use, so that it is missing from now on and the
    /// right bytes can be sent: what is there and cannot be used would be in the way of them for ever.
    ///
    /// - Throws: ``ArtifactsError/missing(_:)``, ``ArtifactsError/damaged(_:actual:)``.
    public func requireSound(_ digest: Digest) throws(ArtifactsError) {
        do throws(ArtifactsError) { _ = try verify(digest) } catch {
            if case .damaged = error { try? discard(digest) }
            throw error
        }
    }

    /// The bytes of a blob, verified. For things that are small; weights are mapped from ``path(of:)``.
    ///
    /// Damaged ones are taken out of use: see ``requireSound(_:)``.
    ///
    /// - Throws: ``ArtifactsError/missing(_:)``, ``ArtifactsError/damaged(_:actual:)``,
    ///   ``ArtifactsError/tooLarge(_:sizeBytes:limitBytes:)``.
    public func read(_ digest: Digest, atMost limitBytes: Int64 = 256 << 20) throws(ArtifactsError) -> Data {
        let file = try openBlob(digest)
        let sizeBytes = try file.sizeBytes()
        guard sizeBytes <= limitBytes else {
            throw .tooLarge(digest, sizeBytes: sizeBytes, limitBytes: limitBytes)
        }
        var data = Data(capacity: Int(sizeBytes))
        try file.forEachChunk { data.append(contentsOf: $0) }
        let actual = Digest(of: data)
        guard actual == digest else {
            try? discard(digest)
            throw .damaged(digest, actual: actual)
        }
        return data
    }

    // MARK: Maintenance

    /// All stored blobs by digest, and the paths of things in `blobs/` that are none.
    public func list() throws(ArtifactsError) -> (blobs: [StoredBlob], strangers: [String]) {
        var blobs: [StoredBlob] = []
        var strangers: [String] = []
        let top = try open(["blobs", "sha256"], making: false)
        for first in try top.names() {
            guard let outer = try? top.subfolder(first) else {
                strangers.append(top.path + "/" + first)
                continue
            }
            for second in try outer.names() {
                guard let inner = try? outer.subfolder(second) else {
                    strangers.append(outer.path + "/" + second)
                    continue
                }
                for name in try inner.names() {
                    if let digest = try? Digest(name), let facts = inner.facts(of: name),
                        name.hasPrefix(first + second), name.utf8.count == 64
                    {
                        blobs.append(StoredBlob(digest: digest, sizeBytes: facts.sizeBytes))
                    } else {
                        strangers.append(inner.path + "/" + name)
                    }
                }
            }
        }
        return (blobs, strangers)
    }

    /// Takes a blob out of use: its file goes to `trash/`, so that the right bytes can be uploaded again.
    ///
    /// - Throws: ``ArtifactsError/missing(_:)`` and system errors.
    public func discard(_ digest: Digest) throws(ArtifactsError) {
        let (folders, name) = BlobStore.location(of: digest)
        let folder = try open(folders, making: false)
        guard folder.facts(of: name) != nil else { throw .missing(digest) }
        let trash = try open(["trash"], making: true)
        try folder.move(name, to: trash, as: name)
        try trash.sync()
        try folder.sync()
    }

    /// Removes those of `digests`, to which nothing refers, that nobody stored or asked for since `secondsSince1970`.
    ///
    /// A blob leaves its place first, so that who asks for it from then on is told that it is missing; one that was asked
    /// for right before goes back. An end of the process in between is mended by ``collectStaging(before:)``.
    ///
    /// - Returns: What was removed.
    public func collect(_ digests: [Digest], before secondsSince1970: Int64) throws(ArtifactsError) -> [StoredBlob] {
        let staging = try staging()
        var removed: [StoredBlob] = []
        for digest in digests {
            let (folders, name) = BlobStore.location(of: digest)
            guard !claims.isWritten(digest), let folder = try? open(folders, making: false),
                let facts = folder.facts(of: name), facts.modifiedSeconds < secondsSince1970
            else { continue }
            let aside = BlobStore.asideName(of: digest)
            try folder.move(name, to: staging, as: aside)
            if let now = staging.facts(of: aside), now.modifiedSeconds < secondsSince1970 {
                try staging.remove(aside)
                removed.append(StoredBlob(digest: digest, sizeBytes: facts.sizeBytes))
            } else {
                try staging.move(aside, to: folder, as: name)
            }
        }
        if !removed.isEmpty { try staging.sync() }
        return removed
    }

    /// Removes what interrupted work left in `staging/`: unfinished uploads last written before `secondsSince1970`,
    /// and everything else that nobody writes now. To be called when a server starts.
    ///
    /// - Returns: The removed names, with their sizes.
    @discardableResult
    public func collectStaging(
        before secondsSince1970: Int64
    ) throws(ArtifactsError) -> [(name: String, sizeBytes: Int64)] {
        let staging = try staging()
        var removed: [(name: String, sizeBytes: Int64)] = []
        for name in try staging.names() {
            guard let facts = staging.facts(of: name) else { continue }
            if name.hasSuffix(".aside"), let digest = try? Digest(String(name.dropLast(6))) {
                try giveBack(digest, from: staging)
                continue
            }
            if let part = UploadPart(name: name),
                facts.modifiedSeconds >= secondsSince1970 || claims.isTaken(part)
            {
                continue
            }
            if temporaries.isInUse(name) { continue }
            try staging.remove(name)
            removed.append((name, facts.sizeBytes))
        }
        if !removed.isEmpty { try staging.sync() }
        return removed
    }

    // MARK: Inside

    /// Puts a blob that a collection had set aside where it was.
    private func giveBack(_ digest: Digest, from staging: borrowing Folder) throws(ArtifactsError) {
        guard !claims.isWritten(digest) else { return }
        let (folders, name) = BlobStore.location(of: digest)
        let target = try open(folders, making: true)
        let aside = BlobStore.asideName(of: digest)
        if target.facts(of: name) == nil {
            try staging.move(aside, to: target, as: name)
        } else {
            try staging.remove(aside)
        }
    }

    private static func asideName(of digest: Digest) -> String { digest.hexadecimal + ".aside" }

    /// Throws when `bytes` more cannot be uploaded. The last part of the disk, up to 64 MiB, is not for uploads, so
    /// that the log can still be written: a full disk must not be in the way of a rollback.
    func requireSpace(for bytes: Int64, in staging: borrowing Folder) throws(ArtifactsError) {
        guard let space = staging.space() else { return }
        let missing = bytes + min(64 << 20, space.totalBytes / 20) - space.freeBytes
        guard missing <= 0 else { throw .diskFull(path: root, missingBytes: missing) }
    }

    /// Throws when others of the owner's uploads than `part` left more than one owner may: it stays on the disk until somebody
    /// goes on with it, or until it is collected.
    func requireQuota(of part: UploadPart, in staging: borrowing Folder) throws(ArtifactsError) {
        guard !part.owner.isEmpty else { return }
        var count = 0, sizeBytes: Int64 = 0
        for name in try staging.names() {
            guard let other = UploadPart(name: name), other.owner == part.owner, other != part,
                let facts = staging.facts(of: name)
            else { continue }
            count += 1
            sizeBytes += facts.sizeBytes
        }
        let limit = min(unfinishedLimitBytes, staging.space().map { $0.totalBytes / 4 } ?? .max)
        guard sizeBytes <= limit, count < Self.maxUnfinished else {
            throw .tooMuchUnfinished(owner: part.owner, count: count, sizeBytes: sizeBytes)
        }
    }

    func staging() throws(ArtifactsError) -> Folder { try open(["staging"], making: true) }

    /// `diskFull` for the codes that mean it, else the system error as it is.
    func failure(_ operation: String, path: String, code: Int32, missing: Int64) -> ArtifactsError {
        code == ENOSPC || code == EDQUOT
            ? .diskFull(path: root, missingBytes: max(1, missing))
            : .system(operation: operation, path: path, code: code)
    }

    private func openBlob(_ digest: Digest) throws(ArtifactsError) -> OpenFile {
        let (folders, name) = BlobStore.location(of: digest)
        let folder: Folder
        do throws(ArtifactsError) {
            folder = try open(folders, making: false)
        } catch .system(_, _, ENOENT) {
            throw .missing(digest)
        }
        guard let file = try folder.openFile(name, flags: O_RDONLY) else { throw .missing(digest) }
        return file
    }

    private func open(_ names: [String], making: Bool, synced: Bool = false) throws(ArtifactsError) -> Folder {
        var folder = try Folder(path: root)
        var location = ""
        for name in names {
            location += "/" + name
            // What this process synced once stays: nobody else writes in a folder that it has locked.
            let mayBeThere = !synced || durableFolders.contain(location)
            if !making {
                folder = try folder.subfolder(name)
            } else if mayBeThere, let known = try? folder.subfolder(name) {
                folder = known
            } else {
                folder = try folder.makeSubfolder(name, synced: synced)
                if synced { durableFolders.add(location) }
            }
        }
        return folder
    }
}

/// Bytes that are stored under their digest.
public struct StoredBlob: Hashable, Sendable {
    /// The SHA-256 of the bytes.
    public let digest: Digest
    /// How many there are.
    public let sizeBytes: Int64

    /// Bytes that are stored.
    public init(digest: Digest, sizeBytes: Int64) {
        self.digest = digest
        self.sizeBytes = sizeBytes
    }
}
