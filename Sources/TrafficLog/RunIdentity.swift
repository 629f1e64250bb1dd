public import Digests
public import RegistryTypes

/// What a run is a run of: samples are only taken up again by the very same one.
public struct RunIdentity: Hashable, Sendable {
    /// The canary.
    public let canary: CanaryID
    /// The seed of the order and the coins.
    public let seed: UInt64
    /// Requests to compare.
    public let requests: Int
    /// How often each request is run.
    public let repeats: Int
    /// The digest of the traffic set.
    public let traffic: Digest
    /// The digest of the canary document.
    public let document: Digest
    /// The digest of the baseline's content.
    public let baseline: Digest
    /// The digest of the candidate's content.
    public let candidate: Digest
    /// The numerics of the engine: other numerics may give other answers.
    public let engineNumerics: Int

    /// What a run is a run of.
    public init(
        canary: CanaryID,
        seed: UInt64,
        requests: Int,
        repeats: Int = 1,
        traffic: Digest,
        document: Digest,
        baseline: Digest,
        candidate: Digest,
        engineNumerics: Int
    ) {
        self.canary = canary
        self.seed = seed
        self.requests = requests
        self.repeats = repeats
        self.traffic = traffic
        self.document = document
        self.baseline = baseline
        self.candidate = candidate
        self.engineNumerics = engineNumerics
    }

    /// Each part by name, for saying which one differs.
    var fields: [(name: String, value: String)] {
        [
            ("canary", canary.description), ("seed", String(seed)), ("requests", String(requests)),
            ("repeats", String(repeats)), ("traffic", traffic.short), ("document", document.short),
            ("baseline", baseline.short), ("candidate", candidate.short), ("numerics", String(engineNumerics)),
        ]
    }
}
