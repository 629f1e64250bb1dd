/// What the release that came in did, and what the last settled one did with the share it kept, in the same time.
public struct ArmCounts: Hashable, Sendable, Codable {
    /// Of the release that came in.
    public private(set) var candidate: EventCounts
    /// Of the last settled release.
    public private(set) var heldBack: EventCounts

    /// Counts of both.
    public init(candidate: EventCounts = EventCounts(), heldBack: EventCounts = EventCounts()) {
        self.candidate = candidate
        self.heldBack = heldBack
    }

    /// Events of both that count.
    public var valid: Int { candidate.valid + heldBack.valid }

    /// Both together.
    public static func + (left: ArmCounts, right: ArmCounts) -> ArmCounts {
        ArmCounts(candidate: left.candidate + right.candidate, heldBack: left.heldBack + right.heldBack)
    }
}
