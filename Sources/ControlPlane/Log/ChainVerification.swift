import Catalog

/// Verifies the log for all who ask: once at a time, and within a minute of a whole reading only what came since.
actor ChainVerification {
    /// How long a whole reading is believed.
    private static let believed = Duration.seconds(60)

    private let catalog: Catalog
    private var running: Task<ChainReport, any Error>?
    /// What the last reading found whole, and when the last reading of all began.
    private var verified: (chain: VerifiedChain, wholeSince: ContinuousClock.Instant)?

    init(_ catalog: Catalog) { self.catalog = catalog }

    /// What reading the log finds, up to its end now or later.
    func report() async throws -> ChainReport {
        // One that runs reads on to the end that there is when it comes there, which is no earlier than this one.
        if let running { return try await running.value }
        let task = Task { try await read() }
        running = task
        defer { running = nil }
        return try await task.value
    }

    private func read() async throws -> ChainReport {
        let now = ContinuousClock.now
        let before = verified.flatMap { $0.wholeSince.duration(to: now) < Self.believed ? $0 : nil }
        let (report, chain) = try await catalog.verifyChain(
            known: catalog.loss?.acknowledged.seq ?? 0,
            after: before?.chain
        )
        // What is wrong is looked for again each time, from the first event on.
        verified = report.isIntact ? (chain, before?.wholeSince ?? now) : nil
        return report
    }
}
