public import Digests
public import RegistryTypes

/// One document of a file that a person wrote: a policy, a canary, a prompt or an SLO.
public enum Document: Hashable, Sendable, Codable {
    /// What must hold before a channel moves, and what takes it back.
    case policy(PolicyDocument)
    /// What is compared, and by how much it may be worse.
    case canary(CanaryDocument)
    /// How a request becomes text for the model, and what a good answer looks like.
    case prompt(PromptDocument)
    /// What is counted of the live traffic, and how good it must be.
    case slo(SLODocument)

    /// The value of `apiVersion` in every document.
    public static let apiVersion = "serin/v1"

    /// The value of `kind`, such as `Policy`.
    public var kindWord: String {
        switch self {
        case .policy: "Policy"
        case .canary: "Canary"
        case .prompt: "Prompt"
        case .slo: "SLO"
        }
    }

    /// The name.
    public var name: Name {
        switch self {
        case .policy(let document): document.name
        case .canary(let document): document.name
        case .prompt(let document): document.name
        case .slo(let document): document.name
        }
    }

    /// The SHA-256 of the canonical form: comments, order of keys and notation of numbers do not change it.
    ///
    /// - Throws: `EncodingError`.
    public func digest() throws -> Digest { try content.digest() }

    /// What is digested: the document without the word for its kind.
    public var content: any DigestedContent {
        switch self {
        case .policy(let document): document
        case .canary(let document): document
        case .prompt(let document): document
        case .slo(let document): document
        }
    }

    /// Every document of a file, or everything that is wrong with it.
    ///
    /// - Throws: ``DocumentError`` with all problems of all documents; nothing of a broken file is used.
    public static func parse(_ text: String, file: String) throws(DocumentError) -> [Document] {
        try DocumentFile(bytes: Array(text.utf8), name: file).entries.map(\.document)
    }
}
