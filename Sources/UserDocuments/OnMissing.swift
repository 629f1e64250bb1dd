/// What a gate without evidence means. A mandatory gate without evidence blocks whatever is said here.
public enum OnMissing: String, Codable, Sendable, CaseIterable {
    /// The channel does not move.
    case block
    /// The channel does not move now; the decision waits for the evidence.
    case `defer`
    /// The gate is shown as unknown and does not stand in the way.
    case allow
}
