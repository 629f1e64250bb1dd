public import Digests
public import RegistryTypes
import StrictJSON
import StrictYAML

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

/// The kinds of document that are applied by name.
public enum DocumentKind: String, Codable, Sendable, CaseIterable {
    /// What must hold before a channel moves.
    case policy
    /// What a canary compares, and by how much it may be worse.
    case canary
    /// What is counted of the live traffic, and how good it must be.
    case slo

    /// What a person calls it, such as `policy`.
    public var words: String {
        switch self {
        case .policy: "policy"
        case .canary: "canary document"
        case .slo: "SLO"
        }
    }

    /// The word of a document's `kind`, such as `Policy`.
    public var kindWord: String {
        switch self {
        case .policy: "Policy"
        case .canary: "Canary"
        case .slo: "SLO"
        }
    }
}

extension Document {
    /// The kinds as documents write them.
    private enum Kind: String, CaseIterable {
        case policy = "Policy"
        case canary = "Canary"
        case prompt = "Prompt"
        case slo = "SLO"
    }

    /// Reads one document; nil when anything is wrong, with all problems in `reader`.
    static func read(_ reader: inout MappingReader) -> Document? {
        reader.allow(["apiVersion", "kind", "name"])
        if let version = reader.text("apiVersion", isRequired: true), version != apiVersion {
            let shown = version.printable
            reader.refuse("apiVersion \"\(shown)\" is not known to this build: write \(apiVersion)", at: "apiVersion")
        }
        guard let kind = reader.choice("kind", isRequired: true, as: Kind.self) else { return nil }
        let name = reader.value("name", isRequired: true, expected: Reading.nameExpected) { try? Name($0) }
        reader.owner = name.map { "\(kind.rawValue) \"\($0)\"" } ?? kind.rawValue
        // Read the rest even without a name, so that all problems are shown; such a document is not used.
        guard let usedName = name ?? (try? Name("unnamed")) else { return nil }
        let document: Document? =
            switch kind {
            case .policy: PolicyDocument.read(name: usedName, &reader).map(Document.policy)
            case .canary: CanaryDocument.read(name: usedName, &reader).map(Document.canary)
            case .prompt: PromptDocument.read(name: usedName, &reader).map(Document.prompt)
            case .slo: SLODocument.read(name: usedName, &reader).map(Document.slo)
            }
        return reader.finish().isEmpty ? document : nil
    }
}

/// What several readers of documents share.
enum Reading {
    /// What a name looks like.
    static let nameExpected = "a name of a-z, 0-9, '.', '_', '-', starting with a letter or digit, at most 64"
    /// What a channel is called.
    static let channelExpected = "a channel: a name that is not a number and not r and a number"

    /// A channel's name.
    static func channel(_ text: String) -> Name? {
        (try? Name(text)).flatMap { Reference.isChannelName($0) ? $0 : nil }
    }
}

/// A file that was refused as a whole, with everything that is wrong in it, in the order of the lines.
public struct DocumentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong; never empty.
    public let diagnostics: [Diagnostic]

    /// A refusal for `diagnostics`.
    public init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics.sorted { ($0.file, $0.line) < ($1.file, $1.line) }
    }

    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
