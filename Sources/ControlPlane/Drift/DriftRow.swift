import Digests
import DriftAnalysis
import RegistryRecords
import RegistryTypes
import WireFormat

extension DriftRow {
    init(_ record: DriftRecord) {
        self.init(
            id: record.id,
            model: record.model,
            channel: record.channel ?? .production,
            verdict: record.verdict.rawValue,
            sentence: record.sentence,
            since: record.window.from,
            until: record.window.to,
            requests: record.window.requests,
            at: record.at,
            by: record.by
        )
    }
}

extension DriftReported {
    init(_ report: DriftReport, _ channel: Name, _ baseline: BaselineID, _ evidence: Digest, _ sizeBytes: Int64) {
        self.init(
            id: report.id,
            model: report.model,
            channel: channel,
            baseline: baseline,
            window: report.window,
            verdict: report.verdict,
            sentence: report.sentence,
            leading: report.leading,
            moved: report.moved.map(\.signal),
            evidence: evidence,
            evidenceSizeBytes: sizeBytes
        )
    }
}
