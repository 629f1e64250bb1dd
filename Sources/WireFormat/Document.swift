public import RegistryRecords
public import UserDocuments

/// Makes the server agree with files.
public struct ApplyRequest: Hashable, Sendable, Codable {
    /// The files.
    public let files: [SourceFile]
    /// Say what would change, change nothing.
    public let dryRun: Bool?

    /// Makes the value from its fields.
    public init(files: [SourceFile], dryRun: Bool? = nil) {
        self.files = files
        self.dryRun = dryRun
    }
}

/// A file with documents.
public struct SourceFile: Hashable, Sendable, Codable {
    /// Its name, for messages.
    public let name: String
    /// Its text.
    public let text: String

    /// Makes the value from its fields.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// What was or would be changed.
public struct ApplyAnswer: Hashable, Sendable, Codable {
    /// One entry a document.
    public let changes: [ApplyChange]
    /// Whether nothing was changed.
    public let dryRun: Bool

    /// Makes the value from its fields.
    public init(changes: [ApplyChange], dryRun: Bool) {
        self.changes = changes
        self.dryRun = dryRun
    }
}

/// What happens to a document.
public struct ApplyChange: Hashable, Sendable, Codable {
    /// `Policy`, `Canary` or `Prompt`.
    public let kind: String
    /// Its name.
    public let name: String
    /// What happens.
    public let action: Action
    /// The revision or version after the change.
    public let revision: Int
    /// What changes in it, a line each.
    public let details: [String]
    /// What it names that is not there, a sentence each; nil where there is nothing of the kind.
    public var warnings: [String]?
    /// The newest version of a prompt, where that is another one: a prompt without a number means it.
    public let newest: Int?

    /// Makes the value from its fields.
    public init(
        kind: String,
        name: String,
        action: Action,
        revision: Int,
        details: [String],
        warnings: [String]? = nil,
        newest: Int? = nil
    ) {
        self.warnings = warnings
        self.newest = newest
        self.kind = kind
        self.name = name
        self.action = action
        self.revision = revision
        self.details = details
    }

    /// What happens to a document.
    public enum Action: String, Codable, Sendable {
        /// It is new.
        case created
        /// It replaces an older revision.
        case changed
        /// It is there already.
        case unchanged
    }
}

/// A policy.
public struct PolicyView: Hashable, Sendable, Codable {
    /// The newest revision.
    public let record: DocumentRecord
    /// What it says.
    public let document: PolicyDocument
    /// All revisions, newest first.
    public let revisions: [DocumentRecord]
    /// What it decided, newest first, at most 20.
    public let decisions: [DecisionSummary]

    /// Makes the value from its fields.
    public init(
        record: DocumentRecord,
        document: PolicyDocument,
        revisions: [DocumentRecord],
        decisions: [DecisionSummary]
    ) {
        self.record = record
        self.document = document
        self.revisions = revisions
        self.decisions = decisions
    }
}
