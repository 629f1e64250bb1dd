import RegistryRecords
public import RegistryTypes

/// What an event is to a service level.
public enum EventJudgement: String, Hashable, Sendable, CaseIterable {
    /// It does not count.
    case notValid
    /// It counts and was good.
    case good
    /// It counts and was bad.
    case bad

    /// The event as counts.
    public var counts: SLICounts {
        switch self {
        case .notValid: .zero
        case .good: SLICounts(valid: 1, bad: 0)
        case .bad: SLICounts(valid: 1, bad: 1)
        }
    }
}
