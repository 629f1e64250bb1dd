import Gateway
import Logging
import RegistryRecords
import RegistryTypes
import ServiceLevels
import TrafficLog
import UserDocuments

/// Takes what the gateway hands over when a request ends, on the thread of the request: counts go into memory, texts
/// into a queue, nothing waits.
struct TrafficRecorder: Sendable {
    let levels: ServiceLevelTracker
    let watches: WatchTracker
    let settling: SettlingTracker
    let recent: RecentRequests
    let health: HealthMeter
    let queue: CaptureQueue
    let drift: DriftAggregator
    let logger: Logger

    /// Takes a request that ended.
    func record(_ completed: CompletedRequest) {
        let record = completed.record
        log(record)
        if record.source == .user {
            let judgements = levels.add(record)
            watches.update { $0.add(record, judgements) }
            settling.add(record)
            remember(record, judgements)
            health.add(record)
        }
        recent.add(record)
        if record.capture != .off { queue.offer(record, completed.body) }
    }

    /// Takes what a label changed that is on disk: those that count now, in their order, and how many wait. A request
    /// counts once for each question, whatever is said of it later.
    func label(_ counted: [CountedLabel], waiting: [LabelWait: Int]) {
        levels.wait(waiting)
        for counted in counted where counted.record.source == .user {
            drift.label(counted)
            let judgements = levels.add(counted)
            watches.update { $0.add(counted.label, of: counted.record, judgements) }
            remember(counted.record, judgements)
        }
    }

    /// One line a request, without its texts: what failed by itself is a warning.
    private func log(_ record: RequestRecord) {
        let isFailure = record.outcome.isValidEvent && record.outcome != .answered
        logger.log(
            level: isFailure ? .warning : .info,
            "request",
            metadata: [
                "id": "\(record.id)",
                "release": "\(record.model)@r\(record.release)",
                "arm": "\(record.arm.rawValue)",
                "key": "\(record.key)",
                "outcome": "\(record.outcome.rawValue)",
                "status": "\(record.status)",
                "milliseconds": "\(Int(min(record.totalSeconds * 1000, 1e12).rounded()))",
            ]
        )
    }

    private func remember(_ record: RequestRecord, _ judgements: [(slo: Name, judgement: EventJudgement)]) {
        let bad = judgements.filter { $0.judgement == .bad }.map(\.slo)
        guard !bad.isEmpty else { return }
        for document in levels.documents where bad.contains(document.name) {
            recent.addBad(record, RolloutIndicator(document).family)
        }
    }
}
