public import RegistryRecords
public import RegistryTypes

/// All about a prompt.
public struct PromptView: Hashable, Sendable, Codable {
    /// The prompt.
    public let name: Name
    /// Its versions, newest first.
    public let versions: [PromptRecord]
    /// The channels whose release uses it.
    public let usedBy: [PromptUse]

    /// Makes the value from its fields.
    public init(name: Name, versions: [PromptRecord], usedBy: [PromptUse]) {
        self.name = name
        self.versions = versions
        self.usedBy = usedBy
    }
}
