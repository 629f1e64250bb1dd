import RegistryRecords
import Statistics
import UserDocuments

/// What one check measured, before anything is decided. Effects are oriented: positive = candidate worse.
struct Measurement {
    /// How noisy the effect is: what planning more requests needs to know.
    enum Noise {
        /// Standard deviation of the paired differences.
        case differences(standardDeviation: Double)
        /// Shares of pairs in which only one arm is bad.
        case flips(worse: Double, better: Double)
        /// Standard error of a difference between independent arms at the size measured.
        case split(standardError: Double)
        /// Nothing was measured.
        case unknown
    }

    /// The definition behind the check.
    let definition: CheckDefinition
    /// `centre`, `tail`, `limit`, `amount`, `rate` or `score`.
    let aspect: String
    /// Unit of ``effect`` and ``margin``.
    var unit: CheckResult.Unit
    /// Accepted degradation on the scale of the effect.
    var margin: Double
    /// Degradation too small to act on, on the scale of the effect.
    var tolerate: Double
    /// Chance of a wrong pass.
    let alphaPass: Double
    /// Pairs it takes to judge.
    var minimum: Int
    /// Pairs (unpaired: requests of the smaller arm) with a value.
    var samples = 0
    /// Pairs without one.
    var missing = 0
    /// The metric over each arm, in its own unit.
    var baseline: Double?
    var candidate: Double?
    /// Estimate, one-sided bounds and p-value; nil when they cannot be computed.
    var effect: Effect?
    var noise = Noise.unknown
    var flips: CheckResult.Flips?
    /// Upper bound of the candidate's own bad share, when the definition limits it.
    var ownRateUpper: Double?
    /// Newly bad requests, when they reach the veto count.
    var vetoedBy: Int?
    /// Why no verdict is possible whatever the numbers say; nil when it is.
    var blocked: String?
    /// What a reader should know beside the verdict, in half sentences.
    var notes: [String] = []
    /// Paired differences of a mean, for the sentence that says what carries it.
    var differences: [Double] = []
    /// Groups of requests that hang together; nil where every request stands alone.
    var clusters: Int?
    /// How many times more requests it takes because they hang together.
    var designEffect: Double?

    /// The fewest clusters whose spread says anything about that of the next ones.
    static let fewestClusters = 20

    /// What can be counted on its own: clusters, or requests where every one stands alone.
    var independent: Int { clusters ?? samples }

    /// The effect of a candidate with its uncertainty.
    struct Effect {
        var estimate: Double
        var lower: Double
        var upper: Double
        var pDegradation: Double
        /// What the p-value rests on where that is not what the interval rests on: each of them has to be sure.
        var tests: [DegradationTest] = []

        /// - Returns: nil when a number is missing or not finite.
        init?(estimate: Double, lower: Double?, upper: Double?, pDegradation: Double) {
            guard let lower, let upper, estimate.isFinite, lower.isFinite, upper.isFinite, pDegradation.isFinite
            else { return nil }
            self.estimate = estimate
            self.lower = lower
            self.upper = upper
            self.pDegradation = min(1, max(0, pDegradation))
        }

        /// The same effect with a lower bound that agrees with the test, for a degradation that is proven: a bound by another
        /// method may reach what the test excludes, far out in the tails of an early look.
        func agreeingWithItsTest(alpha: Double, tolerate: Double) -> Effect {
            guard lower <= tolerate, !tests.isEmpty else { return self }
            let bounds = tests.compactMap { $0.lower(alpha: alpha) }
            guard bounds.count == tests.count, let bound = bounds.min(), bound > lower else { return self }
            var effect = self
            effect.lower = min(bound, estimate)
            return effect
        }
    }

    /// A test of "no degradation", with the interval that says the same.
    enum DegradationTest {
        /// Of pairs that changed; `pairs` is how many pairs they are among.
        case flips(McNemar, pairs: Double, isExact: Bool)
        /// Of a mean, with its lower bound.
        case mean(lower: Double?)

        /// The lower bound of the degradation that the test gives.
        func lower(alpha: Double) -> Double? {
            switch self {
            case .flips(let test, let pairs, let isExact): test.lower(alpha: alpha, pairs: pairs, isExact: isExact)
            case .mean(let lower): lower
            }
        }
    }

    /// Nothing measured yet.
    init(_ definition: CheckDefinition, aspect: String, policy: JudgePolicy, shareMargin: Double? = nil) {
        self.definition = definition
        self.aspect = aspect
        alphaPass = policy.alphaPass(for: definition)
        let given = shareMargin ?? definition.margin
        let tolerated = shareMargin == nil ? definition.tolerate : 0
        let relative = shareMargin == nil && (definition.type == .duration || definition.type == .amount)
        unit = relative ? .logRatio : (shareMargin != nil || definition.type == .binary ? .share : .own)
        margin = relative ? logOnePlus(given) : given
        tolerate = relative ? logOnePlus(tolerated) : tolerated
        minimum = definition.minimumPairs ?? policy.minimumPairs ?? Measurement.minimum(definition, aspect)
        if let problem = policy.problem {
            blocked = problem
        } else if !(given > 0) || !given.isFinite {
            blocked = "the margin must be above 0: correct it in the canary document"
        } else if !(tolerated >= 0) || tolerated >= given {
            blocked = "what is tolerated must be at least 0 and below the margin: correct it in the canary document"
        }
    }

    /// Whether the minimum was left to the kind of the check.
    func minimumIsDefault(_ policy: JudgePolicy) -> Bool {
        definition.minimumPairs == nil && policy.minimumPairs == nil
    }

    /// All pairs, with and without a value.
    var total: Int { samples + missing }

    private static func minimum(_ definition: CheckDefinition, _ aspect: String) -> Int {
        if definition.vetoCount != nil || definition.rateLimit != nil { return 300 }
        return aspect == "centre" || aspect == "amount" ? 50 : 100
    }
}
