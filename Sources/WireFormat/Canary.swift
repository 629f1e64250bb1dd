public import RegistryRecords
public import RegistryTypes

/// Asks for a canary.
public struct CanaryRequest: Hashable, Sendable, Codable {
    /// The candidate.
    public let release: ReleaseChoice
    /// The baseline; what is live in production when nil.
    public let against: ReleaseChoice?
    /// The traffic set; the document's when nil.
    public let traffic: Name?
    /// The canary document; the one the policy names when nil.
    public let document: Name?
    /// Pairs to compare; the document's when nil.
    public let requests: Int?
    /// The seed; the document's, else drawn by the server.
    public let seed: UInt64?

    /// Makes the value from its fields.
    public init(
        release: ReleaseChoice,
        against: ReleaseChoice? = nil,
        traffic: Name? = nil,
        document: Name? = nil,
        requests: Int? = nil,
        seed: UInt64? = nil
    ) {
        self.release = release
        self.against = against
        self.traffic = traffic
        self.document = document
        self.requests = requests
        self.seed = seed
    }
}

/// A canary with its progress or its report.
public struct CanaryView: Hashable, Sendable, Codable {
    /// The canary.
    public let record: CanaryRecord
    /// How far it is; nil once finished.
    public let progress: WorkProgress?
    /// What it found; nil until judged.
    public let report: CanaryReport?
    /// The canary document it ran by.
    public let document: DocumentRecord?

    /// Makes the value from its fields.
    public init(
        record: CanaryRecord,
        progress: WorkProgress? = nil,
        report: CanaryReport? = nil,
        document: DocumentRecord? = nil
    ) {
        self.record = record
        self.progress = progress
        self.report = report
        self.document = document
    }
}

/// How far a piece of work is.
public struct WorkProgress: Hashable, Sendable, Codable {
    /// Parts done.
    public let done: Int
    /// Parts in all.
    public let total: Int
    /// Wall seconds so far, without time the server was down.
    public let elapsedSeconds: Double

    /// Makes the value from its fields.
    public init(done: Int, total: Int, elapsedSeconds: Double) {
        self.done = done
        self.total = total
        self.elapsedSeconds = elapsedSeconds
    }

    /// Seconds left at the pace so far; nil before the first part is done.
    public var remainingSeconds: Double? { done > 0 ? elapsedSeconds / Double(done) * Double(total - done) : nil }
}
