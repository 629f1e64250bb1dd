import Foundation
import RegistryRecords
import RegistryTypes
import UserDocuments

/// An event in a few words, and the page of what it happened to.
struct EventWords {
    /// What happened.
    let brief: String
    /// The page; nil when there is none.
    let page: String?

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
            let size = Figures.bytes(body.manifest.sizeBytes)
            brief = ([size] + (body.message.map { ["“\($0)”"] } ?? [])).joined(separator: ", ")
            page = Href.version(body.id)
        case .versionQuarantined(let body): (brief, page) = (body.reason, Href.version(body.id))
        case .promptPushed(let body):
            brief = body.message.map { "“\($0)”" } ?? "a new version"
            page = Href.prompt(body.id.name)
        case .releaseCreated(let body): (brief, page) = (Words.what(body.content), Href.release(body.id))
        case .releaseRejected(let body): (brief, page) = (body.reason, Href.release(body.id))
        case .trafficImported(let body):
            (brief, page) = (Figures.count(body.requests, "request"), Href.traffic(body.name))
        case .documentApplied(let body):
            brief = "revision \(body.revision)" + (body.shipped ? ", shipped" : "")
            page = body.kind == .policy ? Href.policy(body.name) : body.kind == .slo ? "/slos" : nil
        case .canaryStarted(let body):
            brief = "\(body.candidate) against r\(body.baseline.number), \(Figures.count(body.requests)) pairs"
            page = Href.canary(body.id)
        case .canaryJudged(let body):
            (brief, page) = ("\(body.verdict.rawValue): \(body.summary)", Href.canary(body.id))
        case .canaryStopped(let body): (brief, page) = (body.reason, Href.canary(body.id))
        case .evaluationFinished(let body):
            brief = "\(body.release) on \(body.suite): \(Words.scores(body.scores))"
            page = Href.evaluation(body.id)
        case .decisionRecorded(let body):
            brief = "\(body.decision.release) to \(body.decision.channel): \(body.decision.outcome.rawValue)"
            page = Href.decision(body.id)
        case .channelMoved(let body):
            let from = body.from.map { "r\($0) → " } ?? ""
            let why = body.reason.map { ", “\($0)”" } ?? ""
            brief = "\(from)r\(body.to), \(EventWords.how(body.how))\(why)"
            page = Href.model(body.model)
        default: (brief, page) = EventWords.live(parsed)
        }
    }

    /// What happened after a promotion.
    private static func live(_ event: RegistryEvent) -> (brief: String, page: String?) {
        switch event {
        case .rolloutStarted(let body):
            ("\(body.release) is watched for \(Figures.duration(body.probationSeconds))", Href.rollout(body.id))
        case .rolloutSettled(let body): ("came through its watch", Href.rollout(body.id))
        case .rolloutReturned(let body): ("taken back to r\(body.to)", Href.rollout(body.id))
        case .rolloutEnded(let body): (body.reason.map { "“\($0)”" } ?? "ended", Href.rollout(body.id))
        case .holdPlaced(let body): (body.reason, Href.model(body.model))
        case .holdLifted(let body): ("lifted, “\(body.reason)”", Href.model(body.model))
        case .releaseCrashed(let body): (body.why, Href.release(body.id))
        case .incidentOpened(let body): ("\(body.severity.rawValue): \(body.title)", Href.incident(body.id))
        case .incidentUpdated(let body): (body.text, Href.incident(body.id))
        case .incidentNoted(let body): ("“\(body.text)”", Href.incident(body.id))
        case .incidentClosed(let body): ("closed, “\(body.reason)”", Href.incident(body.id))
        case .driftBaselineSet(let body):
            (body.reason.map { "“\($0)”" } ?? "from \(Figures.count(body.window.requests, "request"))", "/drift")
        case .driftReported(let body): ("\(body.verdict.rawValue): \(body.sentence)", Href.drift(body.id))
        default: ("facts", nil)
        }
    }

    private static func how(_ how: MoveKind) -> String {
        switch how {
        case .promoted: "promoted"
        case .overridden: "by override"
        case .rolledBack: "rolled back"
        case .returned: "rolled back automatically"
        }
    }
}
