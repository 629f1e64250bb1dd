public import Digests

/// What is shipped together and moved as one: weights, prompt and decoding settings, pinned by digest.
///
/// Two releases of a model with equal content are the same release.
public struct ReleaseContent: DigestedContent, Hashable, Sendable, Codable {
    /// The version of the model.
    public let version: Int
    /// The digest of that version's manifest.
    public let manifest: Digest
    /// The version of the prompt.
    public let prompt: VersionID
    /// The digest of that prompt version's canonical document.
    public let promptDigest: Digest
    /// How tokens are chosen.
    public let decoding: DecodingSettings

    /// The content of a release.
    public init(
        version: Int,
        manifest: Digest,
        prompt: VersionID,
        promptDigest: Digest,
        decoding: DecodingSettings
    ) {
        self.version = version
        self.manifest = manifest
        self.prompt = prompt
        self.promptDigest = promptDigest
        self.decoding = decoding
    }
}
