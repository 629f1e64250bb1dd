public import RegistryRecords
public import UserDocuments

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
