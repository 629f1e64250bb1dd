/// The samples of both releases for one request.
public struct SamplePair: Hashable, Sendable {
    /// Which release answered.
    public enum Arm: String, Sendable, CaseIterable {
        /// The one that is live.
        case baseline
        /// The one under test.
        case candidate
    }

    /// The place of the request in the drawn order, from 0 on.
    public let position: Int
    /// The id of the request in the traffic set.
    public let request: String
    /// Which time the request was run, from 0 on.
    public let repetition: Int
    /// Which release ran first, by the coin of this pair.
    public let first: Arm
    /// What the baseline answered.
    public let baseline: Sample
    /// What the candidate answered.
    public let candidate: Sample

    /// The samples of both releases.
    public init(
        position: Int,
        request: String,
        repetition: Int = 0,
        first: Arm,
        baseline: Sample,
        candidate: Sample
    ) {
        self.position = position
        self.request = request
        self.repetition = repetition
        self.first = first
        self.baseline = baseline
        self.candidate = candidate
    }
}
