import Foundation
import RegistryTypes

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
            page = body.kind == .policy ? Href.policy(body.name) : nil
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
        case .rolloutStarted(let body):
            (brief, page) = ("\(body.release) is watched in \(body.channel)", Href.model(body.release.model))
        case .rolloutSettled(let body): (brief, page) = (body.result.sentence, nil)
        case .rolloutReturned(let body): (brief, page) = (body.result.sentence, nil)
        case .rolloutEnded(let body):
            (brief, page) = (body.how.rawValue + (body.reason.map { ", “\($0)”" } ?? ""), nil)
        case .holdPlaced(let body): (brief, page) = (body.reason, Href.model(body.model))
        case .holdLifted(let body): (brief, page) = ("“\(body.reason)”", Href.model(body.model))
        case .releaseDied(let body): (brief, page) = (body.why, Href.release(body.id))
        case .incidentOpened(let body): (brief, page) = (body.title, nil)
        case .incidentUpdated(let body): (brief, page) = (body.text, nil)
        case .incidentNoted(let body): (brief, page) = ("“\(body.text)”", nil)
        case .incidentClosed(let body): (brief, page) = ("“\(body.reason)”", nil)
        }
    }

    private static func how(_ how: MoveKind) -> String {
        switch how {
        case .promoted: "promoted"
        case .overridden: "by override"
        case .rolledBack: "rolled back"
        case .returned: "returned by itself"
        }
    }
}
