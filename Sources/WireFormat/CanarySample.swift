public import RegistryRecords

/// A stored pair of a canary, with the metrics on which its two answers differ.
public struct CanarySample: Hashable, Sendable, Codable {
    /// Which pairs are listed.
    public enum Filter: String, Codable, Sendable, CaseIterable {
        /// Those that were answered differently, or by one side alone.
        case different
        /// Those on which a yes-or-no check that decides got worse.
        case worse
        /// Those on which such a check got better.
        case better
        /// Those to which a side gave no answer.
        case errors
    }

    /// The place in the run, from 1 on.
    public let place: Int
    /// What was asked and answered, and the metrics on which the candidate was worse.
    public let pair: CanaryReport.Pair
    /// The metrics on which it was better.
    public let better: [String]
    /// Whether the sides answered differently.
    public let isDifferent: Bool

    /// A pair at its place.
    public init(place: Int, pair: CanaryReport.Pair, better: [String], isDifferent: Bool) {
        self.place = place
        self.pair = pair
        self.better = better
        self.isDifferent = isDifferent
    }

    /// Whether it is one of those that a filter lists.
    public func fits(_ filter: Filter?) -> Bool {
        switch filter {
        case .different: isDifferent
        case .worse: !pair.worse.isEmpty
        case .better: !better.isEmpty
        case .errors: pair.baseline.error != nil || pair.candidate.error != nil
        case nil: true
        }
    }
}
