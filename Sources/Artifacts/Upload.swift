public import Digests
import Foundation
import Synchronization

/// A blob on its way in. Whoever holds it is the only writer of its part, which is that of one owner: what others send under
/// the same digest is in parts of their own. Letting it go keeps the bytes that came for a later
/// ``BlobStore/open(digest:sizeBytes:of:)``.
///
/// Each byte is hashed once and written once, straight from the caller's buffer. An upload is unique (`~Copyable`),
/// so it may pass from thread to thread; that is what makes it safe to send.
public struct Upload: ~Copyable, @unchecked Sendable {
    /// The digest that was announced.
    public let digest: Digest
    /// The number of bytes that was announced.
    public let sizeBytes: Int64
    /// The bytes that are on disk: where the sender goes on.
    public private(set) var offset: Int64

    private let store: BlobStore
    private let claim: UploadClaim
    private let file: OpenFile
    private var hash: SHA256Stream
    /// Bytes taken since the disk was last asked for its space: others fill it too.
    private var uncheckedBytes = 0
    /// Bytes taken since the owner's other uploads were counted: several may be sent side by side.
    private var uncountedBytes = 0
    /// After how many they are counted again.
    private static let countedBytes = 64 << 20

    init(
        store: BlobStore,
        claim: consuming UploadClaim,
        sizeBytes: Int64,
        staging: borrowing Folder
    ) throws(ArtifactsError) {
        digest = claim.part.digest
        self.store = store
        self.sizeBytes = sizeBytes
        let file = try staging.createFile(claim.part.name, flags: O_RDWR)
        var present = try file.sizeBytes()
        if present > sizeBytes {
            try file.truncate()
            present = 0
        }
        var hash = SHA256Stream()
        if present > 0 { try file.forEachChunk { hash.update($0) } }
        try store.requireSpace(for: sizeBytes - present, in: staging)
        offset = present
        self.claim = claim
        self.file = file
        self.hash = hash
    }

    /// Takes the next bytes.
    ///
    /// - Throws: ``ArtifactsError/tooManyBytes(_:expected:)``, ``ArtifactsError/diskFull(path:missingBytes:)``; what
    ///   came before stays for a resumed upload.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) throws(ArtifactsError) {
        guard Int64(bytes.count) <= sizeBytes - offset else { throw .tooManyBytes(digest, expected: sizeBytes) }
        uncheckedBytes += bytes.count
        if uncheckedBytes > OpenFile.chunkBytes {
            uncheckedBytes = 0
            try store.requireSpace(for: sizeBytes - offset, in: store.staging())
        }
        uncountedBytes += bytes.count
        if uncountedBytes > Self.countedBytes {
            uncountedBytes = 0
            try store.requireQuota(of: claim.part, in: store.staging())
        }
        let (written, code) = file.write(bytes)
        hash.update(UnsafeRawBufferPointer(rebasing: bytes[..<written]))
        offset += Int64(written)
        Failpoint.hit("upload.partWritten")
        guard code == 0 else { throw store.failure("write", path: file.path, code: code, missing: sizeBytes - offset) }
    }

    /// Stores the bytes under their digest: checked, synced, and only then visible.
    ///
    /// - Throws: ``ArtifactsError/incomplete(_:expected:received:)`` when bytes are missing (they can still follow),
    ///   ``ArtifactsError/wrongDigest(expected:actual:)`` when they are others than announced (nothing is kept).
    @discardableResult
    public consuming func finish() throws(ArtifactsError) -> StoredBlob {
        guard offset == sizeBytes else { throw .incomplete(digest, expected: sizeBytes, received: offset) }
        let actual = hash.finish()
        let name = claim.part.name
        let staging = try store.staging()
        guard actual == digest else {
            try staging.remove(name)
            throw .wrongDigest(expected: digest, actual: actual)
        }
        try store.publish(name, file: file, in: staging, digest: digest)
        // Nobody may open the part again before it is renamed, or he would write into the blob.
        _ = consume claim
        return StoredBlob(digest: digest, sizeBytes: sizeBytes)
    }
}

/// The unfinished bytes of a blob that one owner sends: nobody goes on with what somebody else began, who may have sent anything.
struct UploadPart: Hashable, Sendable {
    let digest: Digest
    /// Letters that a file name may have, at most 64; empty for the server itself.
    let owner: String

    /// The name in `staging/`.
    var name: String { digest.hexadecimal + (owner.isEmpty ? "" : "." + owner) + Self.ending }

    private static let ending = ".part"

    init(digest: Digest, owner: String) {
        self.digest = digest
        self.owner = owner
    }

    /// Reads a name; nil for that of something else.
    init?(name: String) {
        guard name.hasSuffix(Self.ending), let digest = try? Digest(String(name.prefix(64))) else { return nil }
        self.digest = digest
        owner = String(name.dropFirst(65).dropLast(Self.ending.count))
        guard self.name == name else { return nil }
    }
}

/// Which parts are being written: at most one writer each.
final class UploadClaims: Sendable {
    private let writing = Mutex<Set<UploadPart>>([])

    /// The right to write `part`, until the claim is gone.
    func take(_ part: UploadPart) throws(ArtifactsError) -> UploadClaim {
        guard writing.withLock({ $0.insert(part).inserted }) else { throw .uploadInProgress(part.digest) }
        return UploadClaim(part: part, claims: self)
    }

    fileprivate func release(_ part: UploadPart) { writing.withLock { _ = $0.remove(part) } }

    func isTaken(_ part: UploadPart) -> Bool { writing.withLock { $0.contains(part) } }

    /// Whether anybody writes the bytes of `digest`.
    func isWritten(_ digest: Digest) -> Bool { writing.withLock { $0.contains { $0.digest == digest } } }
}

/// The right to write one part; given up when it goes out of scope.
struct UploadClaim: ~Copyable {
    let part: UploadPart
    fileprivate let claims: UploadClaims

    deinit { claims.release(part) }
}

/// Folders below the data folder whose names this process brought to the disk: they need no sync for the next blob.
final class DurableFolders: Sendable {
    private let locations = Mutex<Set<String>>([])
    /// How many are remembered; a forgotten one costs a sync, no more.
    private static let limit = 8192

    func contain(_ location: String) -> Bool { locations.withLock { $0.contains(location) } }

    /// Remembers a folder whose name is on the disk.
    func add(_ location: String) {
        locations.withLock { locations in
            if locations.count >= Self.limit { locations = [] }
            locations.insert(location)
        }
    }
}

/// Names in `staging/` of files that are written whole and then renamed; each is used once and known while in use.
final class TemporaryNames: Sendable {
    private struct State {
        var last = 0
        var inUse: Set<String> = []
    }

    private let state = Mutex(State())

    func take() -> String {
        state.withLock { state in
            state.last += 1
            let name = "put-\(getpid())-\(state.last)"
            state.inUse.insert(name)
            return name
        }
    }

    func release(_ name: String) { state.withLock { _ = $0.inUse.remove(name) } }

    func isInUse(_ name: String) -> Bool { state.withLock { $0.inUse.contains(name) } }
}
