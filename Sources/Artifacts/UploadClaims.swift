import Digests
import Synchronization

/// Which blobs are being written: at most one writer each.
final class UploadClaims: Sendable {
    private let writing = Mutex<Set<Digest>>([])

    /// The right to write `digest`, until the claim is gone.
    func take(_ digest: Digest) throws(ArtifactsError) -> UploadClaim {
        guard writing.withLock({ $0.insert(digest).inserted }) else { throw .uploadInProgress(digest) }
        return UploadClaim(digest: digest, claims: self)
    }

    fileprivate func release(_ digest: Digest) { writing.withLock { _ = $0.remove(digest) } }

    func isTaken(_ digest: Digest) -> Bool { writing.withLock { $0.contains(digest) } }
}

/// The right to write one blob; given up when it goes out of scope.
struct UploadClaim: ~Copyable {
    let digest: Digest
    fileprivate let claims: UploadClaims

    deinit { claims.release(digest) }
}
