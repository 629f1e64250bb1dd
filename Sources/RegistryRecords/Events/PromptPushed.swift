public import RegistryTypes
public import UserDocuments

/// A version of a prompt was stored; no channel moved.
public struct PromptPushed: Hashable, Sendable, Codable {
    /// The prompt and the number.
    public let id: VersionID
    /// What it says.
    public let document: PromptDocument
    /// What its author said.
    public let message: String?

    /// Makes the value from its fields.
    public init(id: VersionID, document: PromptDocument, message: String? = nil) {
        self.id = id
        self.document = document
        self.message = message
    }
}
