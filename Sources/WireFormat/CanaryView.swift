public import RegistryRecords

/// A canary with its progress or its report.
public struct CanaryView: Hashable, Sendable, Codable {
    /// The canary.
    public let record: CanaryRecord
    /// How far it is; nil once finished.
    public let progress: WorkProgress?
    /// What it found; nil until judged.
    public let report: CanaryReport?
    /// The canary document it ran by.
    public let document: DocumentRecord?

    /// Makes the value from its fields.
    public init(
        record: CanaryRecord,
        progress: WorkProgress? = nil,
        report: CanaryReport? = nil,
        document: DocumentRecord? = nil
    ) {
        self.record = record
        self.progress = progress
        self.report = report
        self.document = document
    }
}
