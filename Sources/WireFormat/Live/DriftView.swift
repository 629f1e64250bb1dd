public import RegistryRecords

/// A drift report with what belongs to it.
public struct DriftView: Hashable, Sendable, Codable {
    /// What it is.
    public let row: DriftRow
    /// The report.
    public let report: DriftReport
    /// What changed in the period: moves, documents, prompts.
    public let changes: [TimelineRow]

    /// Makes the value from its fields.
    public init(row: DriftRow, report: DriftReport, changes: [TimelineRow]) {
        self.row = row
        self.report = report
        self.changes = changes
    }
}
