import Artifacts
import Catalog
import Digests
import Foundation
import RegistryTypes
import Testing
import TrafficLog

@testable import ControlPlane

/// What the errors of the stores are to who asked; nothing of them is a fault of ours unless it is one.
@Suite struct StoreErrorTests {
    private static let digest = Digest(of: Data())

    @Test(arguments: [
        (CatalogError.notFound(what: "prompt", name: "x", near: ["y"]), ControlPlaneError.Kind.notFound),
        (.alreadyExists(what: "key", name: "x"), .conflict),
        (.wrongNumber(what: "version", given: 3, next: 2), .conflict),
        (.headMoved(expected: 1, actual: 2), .conflict),
        (.keyReused("k"), .conflict),
        (.refused("no"), .conflict),
        (.badKey("k k"), .badRequest),
        (.diskFull(path: "p"), .insufficientStorage),
        (.busy(path: "p"), .unavailable),
        (.closed, .unavailable),
        (.storage(path: "p", why: "w"), .internalFault),
    ])
    func log(_ error: CatalogError, _ kind: ControlPlaneError.Kind) {
        #expect(ControlPlaneError(error).kind == kind)
    }

    @Test(arguments: [
        (TrafficLogError.emptySet, ControlPlaneError.Kind.badData),
        (.tooManyRequests(limit: 1), .badData),
        (.otherRun(path: "p", field: "seed", expected: "1", found: "2"), .conflict),
        (.contradiction(path: "p", why: "w"), .conflict),
        (.diskFull(path: "p"), .insufficientStorage),
        (.damaged(path: "p", why: "w"), .internalFault),
    ])
    func traffic(_ error: TrafficLogError, _ kind: ControlPlaneError.Kind) {
        #expect(ControlPlaneError(error).kind == kind)
    }

    @Test(arguments: [
        (ArtifactsError.diskFull(path: "p", missingBytes: 1), ControlPlaneError.Kind.insufficientStorage),
        (.uploadInProgress(digest), .conflict),
        (.wrongDigest(expected: digest, actual: digest), .badData),
        (.missing(digest), .notFound),
    ])
    func blobs(_ error: ArtifactsError, _ kind: ControlPlaneError.Kind) {
        #expect(ControlPlaneError(error).kind == kind)
    }

    /// Trouble that passes leaves a canary running; trouble with what was asked ends it.
    @Test func onlyPassingTroubleIsWaitedFor() {
        #expect(ControlPlaneError(CatalogError.diskFull(path: "p")).isPassing)
        #expect(ControlPlaneError(CatalogError.closed).isPassing)
        #expect(!ControlPlaneError(TrafficLogError.contradiction(path: "p", why: "w")).isPassing)
        #expect(!ControlPlaneError(ArtifactsError.missing(Self.digest)).isPassing)
    }
}
