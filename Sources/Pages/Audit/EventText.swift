import Foundation
import RegistryRecords
import RegistryTypes
import UserDocuments
import Wording

/// An event in a few words, and the page of what it happened to.
struct EventText {
    /// What happened.
    let brief: String
    /// The page; nil when there is none.
    let page: PagePath?

    init(_ event: Event) {
        guard let parsed = try? RegistryEvent(kind: event.kind, body: Data(event.body.utf8)) else {
            brief = "facts"
            page = nil
            return
        }
        switch parsed {
        case .keyCreated(let body): (brief, page) = ("role \(body.role.rawValue)", nil)
        case .keyRevoked: (brief, page) = ("no longer valid", nil)
        case .versionPublished(let body):
            let size = NumberText.bytes(body.manifest.sizeBytes)
            brief = ([size] + (body.message.map { ["“\($0)”"] } ?? [])).joined(separator: ", ")
            page = .version(body.id)
        case .versionQuarantined(let body): (brief, page) = (body.reason, .version(body.id))
        case .promptPushed(let body):
            brief = body.message.map { "“\($0)”" } ?? "a new version"
            page = .prompt(body.id.name)
        case .releaseCreated(let body): (brief, page) = (body.content.words, .release(body.id))
        case .releaseRejected(let body): (brief, page) = (body.reason, .release(body.id))
        case .trafficImported(let body):
            (brief, page) = (NumberText.count(body.requests, "request"), .traffic(body.name))
        case .documentApplied(let body):
            brief = "revision \(body.revision)" + (body.shipped ? ", shipped" : "")
            page = body.kind == .policy ? .policy(body.name) : body.kind == .slo ? .slos(of: nil) : nil
        case .canaryStarted(let body):
            brief = "\(body.candidate) against r\(body.baseline.number), \(NumberText.count(body.requests)) pairs"
            page = .canary(body.id)
        case .canaryJudged(let body):
            (brief, page) = ("\(body.verdict.rawValue): \(body.summary)", .canary(body.id))
        case .canaryStopped(let body): (brief, page) = (body.reason, .canary(body.id))
        case .evaluationFinished(let body):
            brief = "\(body.release) on \(body.suite): \(EvaluationRow.words(body.scores))"
            page = .evaluation(body.id)
        case .decisionRecorded(let body):
            brief = "\(body.decision.release) to \(body.decision.channel): \(body.decision.outcome.rawValue)"
            page = .decision(body.id)
        case .channelMoved(let body):
            let from = body.from.map { "r\($0) → " } ?? ""
            let why = body.reason.map { ", “\($0)”" } ?? ""
            brief = "\(from)r\(body.to), \(body.how.words)\(why)"
            page = .model(body.model)
        default: (brief, page) = EventText.watched(parsed)
        }
    }

    /// What happened after a promotion.
    private static func watched(_ event: RegistryEvent) -> (brief: String, page: PagePath?) {
        switch event {
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
        case .driftReported(let body): ("\(body.verdict.rawValue): \(body.sentence)", .drift(body.id))
        default: ("facts", nil)
        }
    }
}
