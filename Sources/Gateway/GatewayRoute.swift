public import RegistryTypes
public import ReleaseRuntime

/// A release that can answer: what it is, why it was chosen, and what runs it.
public struct GatewayRoute: Sendable {
    /// The release.
    public let release: ReleaseID
    /// Its version.
    public let version: VersionID
    /// Its prompt version.
    public let prompt: VersionID
    /// The channel that leads to it; nil when a release or a version was named.
    public let channel: Name?
    /// Why it answers.
    public let arm: TrafficArm
    /// Its weights, prompt and settings in memory.
    public let loaded: LoadedRelease
    /// What runs it.
    public let engine: any AnswerEngine

    /// Makes the value from its fields.
    public init(
        release: ReleaseID,
        version: VersionID,
        prompt: VersionID,
        channel: Name? = nil,
        arm: TrafficArm,
        loaded: LoadedRelease,
        engine: any AnswerEngine
    ) {
        self.release = release
        self.version = version
        self.prompt = prompt
        self.channel = channel
        self.arm = arm
        self.loaded = loaded
        self.engine = engine
    }
}
