public import Digests

/// Which events a stored bucket holds: one SLO as it counts now, one release of one model, one arm.
public struct SLISeries: Hashable, Sendable, Codable {
    /// The SLO's name.
    public let slo: Name
    /// How it counts: ``SLODocument/countingDigest()``.
    public let definition: Digest
    /// The model.
    public let model: Name
    /// The number of the release that answered.
    public let release: Int
    /// Why that release answered.
    public let arm: TrafficArm

    /// The series of a release.
    public init(slo: Name, definition: Digest, model: Name, release: Int, arm: TrafficArm) {
        self.slo = slo
        self.definition = definition
        self.model = model
        self.release = release
        self.arm = arm
    }
}
