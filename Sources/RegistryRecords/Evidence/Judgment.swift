public import RegistryTypes

/// The verdict of a canary and everything it rests on.
public struct Judgment: Hashable, Sendable, Codable {
    /// What the run concluded.
    public let verdict: Verdict
    /// Why, one sentence each, the deciding one first.
    public let reasons: [String]
    /// The checks, in the order of the canary document.
    public let checks: [CheckResult]
    /// The chance of failing a candidate without degradation, over all deciding checks together.
    public let alphaFail: Double
    /// Checks of the document that do not apply to the traffic set, with what decided in their place; nil for none.
    public let unapplied: [UnappliedCheck]?

    /// A judgment.
    public init(
        verdict: Verdict,
        reasons: [String],
        checks: [CheckResult],
        alphaFail: Double,
        unapplied: [UnappliedCheck]? = nil
    ) {
        self.verdict = verdict
        self.reasons = reasons
        self.checks = checks
        self.alphaFail = alphaFail
        self.unapplied = unapplied
    }

    /// Requests in all that would probably decide; nil when the run is decided or it cannot be told.
    public var requestsNeeded: Int? {
        checks.filter { !$0.watchOnly && $0.verdict == .inconclusive }.compactMap(\.requestsNeeded).max()
    }
}
