/// Whether requests are answered, by model.
public struct ReadinessView: Hashable, Sendable, Codable {
    /// Whether every model that was asked about has a release in production that answers.
    public let isReady: Bool
    /// `ready`, `not ready`, `starting` or `draining`.
    public let state: String
    /// Channels whose live release does not answer.
    public let unloaded: [UnloadedRelease]

    /// Makes the value from its fields.
    public init(isReady: Bool, state: String, unloaded: [UnloadedRelease]) {
        self.isReady = isReady
        self.state = state
        self.unloaded = unloaded
    }

    /// The state, then a line for each channel whose live release does not answer, up to a hundred.
    public var text: String {
        let lines = unloaded.prefix(100).map { "\($0.model)@\($0.channel): \($0.words)" }
        let rest = unloaded.count > lines.count ? ["and \(unloaded.count - lines.count) more"] : []
        return ([state] + lines + rest).map { $0 + "\n" }.joined()
    }
}
