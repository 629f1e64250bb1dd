import Foundation
import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// An event in a few words, and the page of what it happened to.
struct EventText {
    /// What happened.
    let brief: String
    /// The page; nil when there is none.
    let page: PagePath?
    /// What was found, for an event that says a verdict.
    let verdict: StatusBadge?

    init(_ event: Event) {
        guard let parsed = try? RegistryEvent(kind: event.kind, body: Data(event.body.utf8)) else {
            brief = "facts"
            page = nil
            verdict = nil
            return
        }
        (brief, page) = EventText.words(of: parsed)
        verdict =
            switch parsed {
            case .canaryJudged(let body): body.verdict.badge
            case .decisionRecorded(let body): body.decision.badge
            case .driftReported(let body): body.verdict.badge
            default: nil
            }
    }

    /// What is said of an answer.
    private static func said(_ isCorrect: Bool?, _ isLiked: Bool?) -> String {
        let words = [isCorrect.map { $0 ? "right" : "wrong" }, isLiked.map { $0 ? "thumb up" : "thumb down" }]
        let known = words.compactMap(\.self)
        return known.isEmpty ? "nothing" : known.joined(separator: ", ")
    }

    /// What happened, and the page of what it happened to.
    private static func words(of event: RegistryEvent) -> (brief: String, page: PagePath?) {
        switch event {
        case .keyCreated(let body): ("role \(body.role.rawValue)", nil)
        case .keyRevoked: ("no longer valid", nil)
        case .versionPublished(let body):
            (
                NumberText.bytes(body.manifest.sizeBytes) + (body.message.map { ", “\($0)”" } ?? ""),
                .version(body.id)
            )
        case .versionQuarantined(let body): (body.reason, .version(body.id))
        case .quarantineLifted(let body): ("lifted, “\(body.reason)”", body.version.map { .version($0) })
        case .versionLineageAdded(let body): ("made from \(body.lineage.from)", .version(body.id))
        case .modelNamed(let body): ("known as \(body.displayName)", .model(body.model))
        case .promptPushed(let body): (body.message.map { "“\($0)”" } ?? "a new version", .prompt(body.id.name))
        case .releaseCreated(let body): (body.content.words, .release(body.id))
        case .releaseRejected(let body): (body.reason, .release(body.id))
        case .trafficImported(let body): (NumberText.count(body.requests, "request"), .traffic(body.name))
        case .requestLabelled(let body):
            (
                "of key \(body.key): " + Self.said(body.isCorrect, body.isLiked)
                    + (body.wasCorrect == nil && body.wasLiked == nil
                        ? "" : ", before " + Self.said(body.wasCorrect, body.wasLiked)),
                .request(body.request)
            )
        case .documentApplied(let body):
            (
                "revision \(body.revision)" + (body.shipped ? ", shipped" : ""),
                body.kind == .policy ? .policy(body.name) : body.kind == .slo ? .slos(of: nil) : nil
            )
        case .canaryStarted(let body):
            (
                "\(body.candidate) against r\(body.baseline.number), \(NumberText.count(body.requests)) pairs",
                .canary(body.id)
            )
        case .canaryJudged(let body): ("\(body.verdict.rawValue): \(body.summary)", .canary(body.id))
        case .canaryStopped(let body): (body.reason, .canary(body.id))
        case .evaluationStarted(let body):
            ("\(body.release) on \(body.suite), \(NumberText.count(body.cases, "case"))", .evaluation(body.id))
        case .evaluationStopped(let body): (body.reason, .evaluation(body.id))
        case .evaluationFinished(let body):
            ("\(body.release) on \(body.suite): \(EvaluationRow.words(body.scores))", .evaluation(body.id))
        case .decisionRecorded(let body):
            (
                "\(body.decision.release) to \(body.decision.channel): \(body.decision.outcome.rawValue)",
                .decision(body.id)
            )
        case .channelMoved(let body):
            (
                (body.from.map { "r\($0) → " } ?? "") + "r\(body.to), \(body.how.words)"
                    + (body.reason.map { ", “\($0)”" } ?? ""),
                .model(body.model)
            )
        case .channelSettled(let body):
            (
                "r\(body.release) settled: \(NumberText.count(body.answered, "request")) answered, \(NumberText.count(body.failed)) failed",
                .model(body.model)
            )
        case .rolloutStarted(let body):
            ("\(body.release) is watched for \(NumberText.setTime(body.probationSeconds))", .rollout(body.id))
        case .rolloutSettled(let body): ("came through its watch", .rollout(body.id))
        case .rolloutReturned(let body): ("taken back to r\(body.to)", .rollout(body.id))
        case .rolloutEnded(let body): (body.reason.map { "“\($0)”" } ?? "ended", .rollout(body.id))
        case .holdPlaced(let body): (body.reason, .model(body.model))
        case .holdLifted(let body): ("lifted, “\(body.reason)”", .model(body.model))
        case .releaseCrashed(let body): (body.why, .release(body.id))
        case .incidentOpened(let body): ("\(body.severity.rawValue): \(body.title)", .incident(body.id))
        case .incidentUpdated(let body): (body.text, .incident(body.id))
        case .incidentNoted(let body): ("“\(body.text)”", .incident(body.id))
        case .incidentClosed(let body): ("closed, “\(body.reason)”", .incident(body.id))
        case .driftBaselineSet(let body):
            (
                body.reason.map { "“\($0)”" } ?? "from \(NumberText.count(body.window.requests, "request"))",
                .drifts(of: nil)
            )
        case .logAccepted(let body):
            ("taken at #\(body.found), #\(body.acknowledged) had been acknowledged: \(body.reason)", nil)
        case .driftReported(let body): ("\(body.verdict.words): \(body.sentence)", .drift(body.id))
        }
    }
}
