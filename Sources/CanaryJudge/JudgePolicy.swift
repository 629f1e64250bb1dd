public import UserDocuments

/// The error rates a canary promises and what it takes to judge at all.
public struct JudgePolicy: Codable, Sendable, Hashable {
    /// Chance that a run fails a candidate without degradation, all deciding checks together.
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

    /// What a canary document promises.
    public init(_ promise: CanaryDocument.Promise) {
        alphaFail = promise.wronglyReject
        alphaPass = promise.wronglyPass
        criticalAlphaPass = min(promise.wronglyPass, CanaryDocument.Promise.criticalWronglyPass)
    }

    /// What makes the policy unusable; nil when nothing does.
    var problem: String? {
        let rates = [alphaFail, alphaPass, criticalAlphaPass]
        guard rates.allSatisfy({ $0 > 0 && $0 < 0.5 }) else {
            return "the promised error rates must lie between 0 and 50 %: correct the canary document"
        }
        // Written so that not-a-number is refused too.
        return maxMissing >= 0 && maxMissing < 1 ? nil : "the share that may be missing must be 0 to below 100 %"
    }

    /// The chance of a wrong pass that `definition` is held to.
    func alphaPass(for definition: CheckDefinition) -> Double {
        definition.critical ? min(alphaPass, criticalAlphaPass) : alphaPass
    }
}
