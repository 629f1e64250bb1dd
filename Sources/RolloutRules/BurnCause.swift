/// Why something burns while a release is watched, as far as it is known.
public enum BurnCause: String, Codable, Sendable, CaseIterable {
    /// The release burns, and the comparison with the held-back share does not say yet whether it is the cause.
    case undecided
    /// The held-back share suffers too: not the fault of the release.
    case shared
    /// There is no settled release to go back to.
    case nothingToReturnTo
    /// It burns no longer.
    case over
}
