/// Why a request was answered by the release that answered it.
public enum TrafficArm: String, Codable, Sendable, CaseIterable {
    /// The channel points to the release.
    case live
    /// The sticky share that stays on the last settled release during a probation.
    case holdback
    /// The caller named the release or the version.
    case pinned
}
