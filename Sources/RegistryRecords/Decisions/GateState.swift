/// How a gate came out. There is no state for "no data" that could be read as a pass.
public enum GateState: String, Codable, Sendable, CaseIterable {
    /// The evidence is there and good enough.
    case pass
    /// The evidence is there and not good enough.
    case fail
    /// The evidence is missing, too old or undecided.
    case unknown
    /// There is nothing the gate could ask, such as no live release to compare with.
    case notApplicable
    /// Not met, and a person took it on themselves.
    case overridden
    /// The evidence is missing and the policy says to wait for it.
    case waiting

    /// Whether a gate in this state asks for nothing more.
    public var isMet: Bool { self == .pass || self == .notApplicable }
}
