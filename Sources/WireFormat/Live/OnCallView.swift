public import RegistryRecords
public import RegistryTypes

/// What a person on call needs first.
public struct OnCallView: Hashable, Sendable, Codable {
    /// The channels.
    public let channels: [HealthRow]
    /// The open incidents.
    public let incidents: [IncidentRow]
    /// The newest moves, at most 10.
    public let moves: [ChannelMove]
    /// Requests that wait for the engine.
    public let queue: Int
    /// Requests being answered.
    public let active: Int
    /// How the capture stands.
    public let capture: CaptureView
    /// Whether the server is shutting down.
    public let isDraining: Bool
    /// Bytes kept back so that a rollback can be written on a full disk; 0 once given up.
    public let reserveBytes: Int64
    /// When this was read.
    public let at: Timestamp

    /// Makes the value from its fields.
    public init(
        channels: [HealthRow],
        incidents: [IncidentRow],
        moves: [ChannelMove],
        queue: Int,
        active: Int,
        capture: CaptureView,
        isDraining: Bool,
        reserveBytes: Int64,
        at: Timestamp
    ) {
        self.channels = channels
        self.incidents = incidents
        self.moves = moves
        self.queue = queue
        self.active = active
        self.capture = capture
        self.isDraining = isDraining
        self.reserveBytes = reserveBytes
        self.at = at
    }
}
