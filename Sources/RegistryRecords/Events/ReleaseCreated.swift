public import RegistryTypes

/// A version, a prompt and settings were pinned together.
public struct ReleaseCreated: Hashable, Sendable, Codable {
    /// The release.
    public let id: ReleaseID
    /// What it pins.
    public let content: ReleaseContent

    /// Makes the value from its fields.
    public init(id: ReleaseID, content: ReleaseContent) {
        self.id = id
        self.content = content
    }
}
