/// The error rates a canary promises and what it takes to judge at all.
public struct JudgePolicy: Codable, Sendable, Hashable {
    /// Chance that a run fails a candidate without harm, all deciding checks together.
    public var alphaFail = 0.01
    /// Chance that a check passes a candidate at or past its margin.
    public var alphaPass = 0.05
    /// The same for critical checks.
    public var criticalAlphaPass = 0.01
    /// Pairs it takes to judge any check; nil = the minimum of its kind (50 for centres of durations and amounts,
    /// 100 for everything counted or scored, 300 where safety is proven, 200 for very skewed amounts).
    public var minimumPairs: Int?
    /// Share of the pairs that may lack a value.
    public var maxMissing = 0.05

    /// The defaults of the design.
    public init() {}

    /// The chance of a wrong pass that `definition` is held to.
    func alphaPass(for definition: CheckDefinition) -> Double {
        definition.critical ? min(alphaPass, criticalAlphaPass) : alphaPass
    }
}
