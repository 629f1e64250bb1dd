public import RegistryTypes

/// What can go wrong with a replay besides the engine and the store.
public enum ReplayError: Error, Equatable, Sendable {
    /// The stored samples hold a pair that this run never drew.
    case foreignSample(position: Int, canary: CanaryID)
    /// Fewer pairs are stored than were answered.
    case missingSamples(pairs: Int, expected: Int, canary: CanaryID)
}

extension ReplayError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .foreignSample(let position, let canary):
            "the samples of \(canary) hold a pair at place \(position) that the run never drew: move its file in the folder canaries away and run the canary again"
        case .missingSamples(let pairs, let expected, let canary):
            "the samples of \(canary) hold \(pairs) of \(expected) pairs after all were answered: run the canary again"
        }
    }
}
