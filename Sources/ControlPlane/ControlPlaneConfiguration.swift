public import Foundation
public import RegistryTypes

/// Everything the control plane is told from outside: where its data are, the time, and where seeds come from.
public struct ControlPlaneConfiguration: Sendable {
    /// The data folder; deleting it removes everything.
    public let folder: URL
    /// The build of serin, for reports.
    public let build: String
    /// The wall clock.
    public let now: @Sendable () -> Timestamp
    /// How long the process runs, by a clock that nobody sets.
    public let uptime: @Sendable () -> Duration
    /// Draws a seed for a canary that names none.
    public let drawSeed: @Sendable () -> UInt64
    /// Days for which captured requests are kept; at least 1.
    public let keepDays: Int
    /// The most seconds that a request to a model may ask for.
    public let maxDeadlineSeconds: Double
    /// How long a canary or an evaluation waits that something outside it holds up, such as a full disk.
    public let retryPause: Duration

    /// A configuration with the system's clocks and random source unless others are given: the process begins here.
    public init(
        folder: URL,
        build: String,
        now: @escaping @Sendable () -> Timestamp = { Timestamp(Date()) },
        uptime: (@Sendable () -> Duration)? = nil,
        drawSeed: @escaping @Sendable () -> UInt64 = { UInt64.random(in: 1...0xffff_ffff) },
        keepDays: Int = 30,
        maxDeadlineSeconds: Double = 3600,
        retryPause: Duration = .seconds(10)
    ) {
        self.folder = folder
        self.build = build
        self.now = now
        let start = ContinuousClock.now
        self.uptime = uptime ?? { start.duration(to: .now) }
        self.drawSeed = drawSeed
        self.keepDays = max(1, keepDays)
        self.maxDeadlineSeconds = maxDeadlineSeconds
        self.retryPause = retryPause
    }
}
