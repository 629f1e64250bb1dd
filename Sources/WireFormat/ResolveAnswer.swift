public import Digests
public import RegistryTypes

/// What a reference means now.
public struct ResolveAnswer: Hashable, Sendable, Codable {
    /// What was asked.
    public let reference: Reference
    /// The release.
    public let release: ReleaseID
    /// Its version.
    public let version: VersionID
    /// Its prompt.
    public let prompt: VersionID
    /// The digest of the release's content.
    public let digest: Digest
    /// The channel it was found by.
    public let channel: Name?

    /// Makes the value from its fields.
    public init(
        reference: Reference,
        release: ReleaseID,
        version: VersionID,
        prompt: VersionID,
        digest: Digest,
        channel: Name? = nil
    ) {
        self.reference = reference
        self.release = release
        self.version = version
        self.prompt = prompt
        self.digest = digest
        self.channel = channel
    }
}
