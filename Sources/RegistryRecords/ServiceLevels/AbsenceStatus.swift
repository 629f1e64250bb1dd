/// Whether events stopped coming where they used to come.
public struct AbsenceStatus: Hashable, Sendable, Codable {
    /// After how many seconds without an event it fires.
    public let afterSeconds: Double
    /// For how many seconds no event came.
    public let quietSeconds: Double
    /// Whether somebody should look; always a ticket.
    public let isFiring: Bool

    /// Silence of `quietSeconds` where `afterSeconds` are too long.
    public init(afterSeconds: Double, quietSeconds: Double) {
        self.afterSeconds = afterSeconds
        self.quietSeconds = quietSeconds
        isFiring = quietSeconds > afterSeconds
    }
}
