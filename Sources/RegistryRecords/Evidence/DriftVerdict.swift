/// What a drift report concludes.
public enum DriftVerdict: String, Codable, Sendable, CaseIterable {
    /// The reference is not complete yet: only capture faults are told.
    case learning
    /// Nothing moved beyond what two samples of the same traffic differ by.
    case none
    /// Something moved for certain, by less than anybody need act on, or by more but not for certain.
    case changed
    /// Something moved for certain and by more than its floor: somebody should look, in working hours.
    case ticket
    /// Answers got worse by more than the margin allows: somebody should look now.
    case page

    /// Whether the command that asked exits with 10.
    public var isDrift: Bool { self == .ticket || self == .page }
}
