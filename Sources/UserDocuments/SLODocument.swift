public import Digests
public import RegistryTypes
import StrictJSON

/// A service level objective: which events count, which of them are good, how many must be over a rolling window,
/// and what happens while they are not. Shaped after OpenSLO v1, with two blocks it lacks: pairs of windows for the
/// alerts, and a budget policy.
public struct SLODocument: DigestedContent, Hashable, Sendable, Codable {
    /// How the budget is counted.
    public enum BudgetingMethod: String, Codable, Sendable, CaseIterable {
        /// Every valid event weighs the same.
        case occurrences = "Occurrences"
    }

    /// The name.
    public let name: Name
    /// What it is for, for people; at most 1,050 bytes.
    public let description: String?
    /// The service it belongs to, for people; nil when none is named.
    public let service: Name?
    /// Whose requests count; `for` in the file. A model of its own has counts and a budget of its own.
    public let scope: DocumentScope
    /// What is counted.
    public let indicator: Indicator
    /// The share of the valid events that must be good, over 0 and under 1.
    public let target: Double
    /// The rolling window, in seconds, a multiple of 60.
    public let windowSeconds: Int
    /// How the budget is counted.
    public let budgetingMethod: BudgetingMethod
    /// The fewest valid events in the window that say anything.
    public let minSamples: Int
    /// The pairs of windows, with distinct names.
    public let alerting: [BurnAlert]
    /// After how many seconds without any valid event somebody is told; nil for a time that follows from the traffic.
    public let absentAfterSeconds: Int?
    /// What happens at which budget left, from the largest share to the smallest.
    public let budgetPolicy: [BudgetRule]
    /// The share that was promised to somebody outside; nil when nothing was.
    public let sla: Double?

    /// An SLO.
    public init(
        name: Name,
        description: String? = nil,
        service: Name? = nil,
        scope: DocumentScope,
        indicator: Indicator,
        target: Double,
        windowSeconds: Int = 30 * 86_400,
        minSamples: Int? = nil,
        alerting: [BurnAlert]? = nil,
        absentAfterSeconds: Int? = nil,
        budgetPolicy: [BudgetRule] = BudgetRule.usual,
        sla: Double? = nil
    ) {
        self.name = name
        self.description = description
        self.service = service
        self.scope = scope
        self.indicator = indicator
        self.target = target
        self.windowSeconds = windowSeconds
        budgetingMethod = .occurrences
        self.minSamples = minSamples ?? (indicator.isSampled ? 30 : 1)
        self.alerting = alerting ?? BurnAlert.usual(windowSeconds: windowSeconds)
        self.absentAfterSeconds = absentAfterSeconds
        self.budgetPolicy = budgetPolicy
        self.sla = sla
    }

    private enum CodingKeys: String, CodingKey {
        case name, description, service
        case scope = "for"
        case indicator, target, windowSeconds, budgetingMethod, minSamples, alerting, absentAfterSeconds, budgetPolicy
        case sla
    }

    /// The share of the valid events that may be bad: 0.001 for 99.9 %, without the last bits of the subtraction.
    public var budget: Double { ((1 - target) * 1e12).rounded() / 1e12 }

    /// The highest burn rate there can be: every valid event is bad.
    public var highestBurn: Double { 1 / budget }

    /// The SHA-256 of what decides how an event is counted: the indicator and the channel. Counts that were stored under
    /// it stay of use when only the target, the alerts or the texts change. They state no form, so it stays the first one.
    ///
    /// - Throws: `EncodingError`.
    public func countingDigest() throws -> Digest {
        struct Counting: Encodable {
            let indicator: Indicator
            let channel: Name
        }
        return try Digest(
            of: CanonicalJSON.encode(Counting(indicator: indicator, channel: scope.channel), as: .foundation)
        )
    }
}
