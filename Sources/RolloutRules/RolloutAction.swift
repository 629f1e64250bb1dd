/// What a watch wants to be written to the log. It asks again in each step until it is told that it was.
public enum RolloutAction: Hashable, Sendable {
    /// The release came through.
    case settle(RolloutReport)
    /// The release goes back, now.
    case takeBack(RolloutReport)
    /// Something burns, or no longer does, and the release stays: it belongs into an incident. Said once.
    case report(RolloutReport)
}
