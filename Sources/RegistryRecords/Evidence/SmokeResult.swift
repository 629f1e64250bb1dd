/// What happened when a version was loaded and made to produce a few tokens.
public struct SmokeResult: Hashable, Sendable, Codable {
    /// Whether the version can be used.
    public let passed: Bool
    /// Why not, in one sentence; nil when it passed.
    public let problem: String?
    /// Seconds from opening the file to being ready.
    public let loadSeconds: Double?
    /// Output tokens per second of the short run.
    public let tokensPerSecond: Double?
    /// Bytes of packed weights in memory.
    public let residentBytes: Int64?
    /// Whether text that was tokenised came back unchanged.
    public let tokenizerRoundTrip: Bool?

    /// A smoke result.
    public init(
        passed: Bool,
        problem: String? = nil,
        loadSeconds: Double? = nil,
        tokensPerSecond: Double? = nil,
        residentBytes: Int64? = nil,
        tokenizerRoundTrip: Bool? = nil
    ) {
        self.passed = passed
        self.problem = problem
        self.loadSeconds = loadSeconds
        self.tokensPerSecond = tokensPerSecond
        self.residentBytes = residentBytes
        self.tokenizerRoundTrip = tokenizerRoundTrip
    }
}
