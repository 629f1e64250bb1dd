public import RegistryTypes

/// Which release is meant: a reference, and what to change in it.
public struct ReleaseChoice: Hashable, Sendable, Codable {
    /// A version, a release, a channel or a model.
    public let reference: Reference
    /// Where a prompt and settings are taken from when the reference is a version; production when nil.
    public let channel: Name?
    /// Another prompt, such as `triage@3`.
    public let prompt: String?
    /// Other decoding settings, such as `temperature: 0.2`.
    public let set: [String: String]?

    /// Makes the value from its fields.
    public init(reference: Reference, channel: Name? = nil, prompt: String? = nil, set: [String: String]? = nil) {
        self.reference = reference
        self.channel = channel
        self.prompt = prompt
        self.set = set
    }
}
