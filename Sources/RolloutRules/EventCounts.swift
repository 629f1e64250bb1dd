/// Events of one release in one service level.
public struct EventCounts: Hashable, Sendable, Codable {
    /// Events that count.
    public private(set) var valid: Int
    /// Of those, bad ones.
    public private(set) var bad: Int

    /// Counts; what makes no sense (below zero, more bad ones than there are) is cut to what does.
    public init(valid: Int = 0, bad: Int = 0) {
        self.valid = min(max(0, valid), Self.most)
        self.bad = min(max(0, bad), self.valid)
    }

    /// More than any rollout sees, and far from where sums overflow.
    private static let most = 1 << 48

    /// Reads stored counts under the same rules.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(valid: try values.decode(Int.self, forKey: .valid), bad: try values.decode(Int.self, forKey: .bad))
    }

    private enum CodingKeys: String, CodingKey { case valid, bad }

    /// Both together.
    public static func + (left: EventCounts, right: EventCounts) -> EventCounts {
        EventCounts(valid: left.valid + right.valid, bad: left.bad + right.bad)
    }
}
