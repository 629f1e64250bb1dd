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
    let sources: LabelSources
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

    /// Takes a label that is on disk. A request counts once, whatever was said of it before; and what a caller says counts
    /// as far as others say it too, see ``LabelSources``.
    ///
    /// - Parameter isTrusted: Whether who gave it may label the answers of others.
    func label(_ label: RequestLabel, _ change: LabelChange, isTrusted: Bool) {
        guard change.record.source == .user else { return }
        let (before, after) = (change.before, change.after)
        // The answer being right and a thumb are two statements.
        let statements = [
            LabelChange(
                record: change.record,
                before: LabelState(isCorrect: before.isCorrect),
                after: LabelState(isCorrect: after.isCorrect)
            ),
            LabelChange(
                record: change.record,
                before: LabelState(isLiked: before.isLiked),
                after: LabelState(isLiked: after.isLiked)
            ),
        ]
        for statement in statements where statement.before != statement.after {
            guard statement.before == LabelState() else {
                // Another word on what was counted: a level counts a request once, drift takes the newer word.
                if isTrusted { drift.label(statement, at: label.at) }
                continue
            }
            let said = RequestLabel(
                request: label.request,
                isCorrect: statement.after.isCorrect,
                isLiked: statement.after.isLiked,
                by: label.by,
                at: label.at
            )
            for given in sources.take(LabelSources.Given(label: said, change: statement), isTrusted: isTrusted) {
                count(given, at: label.at)
            }
        }
    }

    private func count(_ given: LabelSources.Given, at time: Timestamp) {
        let record = given.change.record
        drift.label(given.change, at: time)
        let label = RequestLabel(
            request: given.label.request,
            isCorrect: given.label.isCorrect,
            isLiked: given.label.isLiked,
            by: given.label.by,
            at: time
        )
        let judgements = levels.add(label, of: record)
        watches.update { $0.add(label, of: record, judgements) }
        remember(record, judgements)
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
