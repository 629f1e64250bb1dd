public import Foundation
import RegistryTypes
import StrictJSON
import UserDocuments

/// Every change of the registry is one of these. The log is the registry; tables are projections of it.
public enum RegistryEvent: Hashable, Sendable {
    /// A key was made.
    case keyCreated(KeyCreated)
    /// A key stopped working.
    case keyRevoked(KeyRevoked)
    /// A version was stored.
    case versionPublished(VersionPublished)
    /// The server will not load a version any more.
    case versionQuarantined(VersionQuarantined)
    /// A version of a prompt was stored.
    case promptPushed(PromptPushed)
    /// A version, a prompt and settings were pinned together.
    case releaseCreated(ReleaseCreated)
    /// A release may not be promoted again without new evidence.
    case releaseRejected(ReleaseRejected)
    /// A set of requests was frozen.
    case trafficImported(TrafficImported)
    /// A policy or canary document took effect.
    case documentApplied(DocumentApplied)
    /// A canary was asked for.
    case canaryStarted(CanaryStarted)
    /// A canary has a verdict.
    case canaryJudged(CanaryJudged)
    /// A canary ended without a verdict.
    case canaryStopped(CanaryStopped)
    /// An evaluation was asked for.
    case evaluationStarted(EvaluationStarted)
    /// An evaluation ended without a result.
    case evaluationStopped(EvaluationStopped)
    /// A release was evaluated on a suite.
    case evaluationFinished(EvaluationFinished)
    /// A policy was evaluated.
    case decisionRecorded(DecisionRecorded)
    /// A channel points to another release.
    case channelMoved(ChannelMoved)
    /// A promoted release is watched from now on.
    case rolloutStarted(RolloutStarted)
    /// A release came through its watch.
    case rolloutSettled(RolloutSettled)
    /// A trigger took a release back.
    case rolloutReturned(RolloutReturned)
    /// A person or a newer promotion ended a watch.
    case rolloutEnded(RolloutEnded)
    /// Nobody may promote to a channel.
    case holdPlaced(HoldPlaced)
    /// A channel may be promoted to again.
    case holdLifted(HoldLifted)
    /// The server process ended while it ran a release.
    case releaseCrashed(ReleaseCrashed)
    /// Something burns, or failed.
    case incidentOpened(IncidentOpened)
    /// More is known about an incident.
    case incidentUpdated(IncidentUpdated)
    /// A person wrote a note to an incident.
    case incidentNoted(IncidentNoted)
    /// An incident is over.
    case incidentClosed(IncidentClosed)
    /// A reference that drift is measured against was frozen.
    case driftBaselineSet(DriftBaselineSet)
    /// A window of traffic was compared with a reference.
    case driftReported(DriftReported)

    /// The kind as stored, such as `channel.moved`.
    public var kind: String { parts.kind }

    /// What it happened to, such as `ticket-bot@production`.
    public var subject: String { parts.subject }

    /// The facts as canonical JSON.
    ///
    /// - Throws: `EncodingError`.
    public func body() throws -> Data { try CanonicalJSON.encode(parts.body) }

    /// Reads a stored event back.
    ///
    /// - Throws: ``RegistryTypesError/unknownEventKind(_:)``, `DecodingError`.
    public init(kind: String, body: Data) throws {
        func read<Body: Decodable>(_ type: Body.Type) throws -> Body { try CanonicalJSON.decode(type, from: body) }
        switch kind {
        case "key.created": self = try .keyCreated(read(KeyCreated.self))
        case "key.revoked": self = try .keyRevoked(read(KeyRevoked.self))
        case "version.published": self = try .versionPublished(read(VersionPublished.self))
        case "version.quarantined": self = try .versionQuarantined(read(VersionQuarantined.self))
        case "prompt.pushed": self = try .promptPushed(read(PromptPushed.self))
        case "release.created": self = try .releaseCreated(read(ReleaseCreated.self))
        case "release.rejected": self = try .releaseRejected(read(ReleaseRejected.self))
        case "traffic.imported": self = try .trafficImported(read(TrafficImported.self))
        case "document.applied": self = try .documentApplied(read(DocumentApplied.self))
        case "canary.started": self = try .canaryStarted(read(CanaryStarted.self))
        case "canary.judged": self = try .canaryJudged(read(CanaryJudged.self))
        case "canary.stopped": self = try .canaryStopped(read(CanaryStopped.self))
        case "evaluation.started": self = try .evaluationStarted(read(EvaluationStarted.self))
        case "evaluation.stopped": self = try .evaluationStopped(read(EvaluationStopped.self))
        case "evaluation.finished": self = try .evaluationFinished(read(EvaluationFinished.self))
        case "decision.recorded": self = try .decisionRecorded(read(DecisionRecorded.self))
        case "channel.moved": self = try .channelMoved(read(ChannelMoved.self))
        case "rollout.started": self = try .rolloutStarted(read(RolloutStarted.self))
        case "rollout.settled": self = try .rolloutSettled(read(RolloutSettled.self))
        case "rollout.returned": self = try .rolloutReturned(read(RolloutReturned.self))
        case "rollout.ended": self = try .rolloutEnded(read(RolloutEnded.self))
        case "hold.placed": self = try .holdPlaced(read(HoldPlaced.self))
        case "hold.lifted": self = try .holdLifted(read(HoldLifted.self))
        case "release.died": self = try .releaseCrashed(read(ReleaseCrashed.self))
        case "incident.opened": self = try .incidentOpened(read(IncidentOpened.self))
        case "incident.updated": self = try .incidentUpdated(read(IncidentUpdated.self))
        case "incident.noted": self = try .incidentNoted(read(IncidentNoted.self))
        case "incident.closed": self = try .incidentClosed(read(IncidentClosed.self))
        case "drift.baselineSet": self = try .driftBaselineSet(read(DriftBaselineSet.self))
        case "drift.reported": self = try .driftReported(read(DriftReported.self))
        default: throw RegistryTypesError.unknownEventKind(kind)
        }
    }

    private var parts: (kind: String, subject: String, body: any Encodable) {
        switch self {
        case .keyCreated(let event): ("key.created", event.name.text, event)
        case .keyRevoked(let event): ("key.revoked", event.name.text, event)
        case .versionPublished(let event): ("version.published", event.id.description, event)
        case .versionQuarantined(let event): ("version.quarantined", event.id.description, event)
        case .promptPushed(let event): ("prompt.pushed", event.id.description, event)
        case .releaseCreated(let event): ("release.created", event.id.description, event)
        case .releaseRejected(let event): ("release.rejected", event.id.description, event)
        case .trafficImported(let event): ("traffic.imported", event.name.text, event)
        case .documentApplied(let event): ("document.applied", "\(event.kind.rawValue):\(event.name)", event)
        case .canaryStarted(let event): ("canary.started", event.id.description, event)
        case .canaryJudged(let event): ("canary.judged", event.id.description, event)
        case .canaryStopped(let event): ("canary.stopped", event.id.description, event)
        case .evaluationStarted(let event): ("evaluation.started", event.id.description, event)
        case .evaluationStopped(let event): ("evaluation.stopped", event.id.description, event)
        case .evaluationFinished(let event): ("evaluation.finished", event.id.description, event)
        case .decisionRecorded(let event): ("decision.recorded", event.id.description, event)
        case .channelMoved(let event): ("channel.moved", "\(event.model)@\(event.channel)", event)
        case .rolloutStarted(let event): ("rollout.started", event.id.description, event)
        case .rolloutSettled(let event): ("rollout.settled", event.id.description, event)
        case .rolloutReturned(let event): ("rollout.returned", event.id.description, event)
        case .rolloutEnded(let event): ("rollout.ended", event.id.description, event)
        case .holdPlaced(let event): ("hold.placed", "\(event.model)@\(event.channel)", event)
        case .holdLifted(let event): ("hold.lifted", "\(event.model)@\(event.channel)", event)
        case .releaseCrashed(let event): ("release.died", event.id.description, event)
        case .incidentOpened(let event): ("incident.opened", event.id.description, event)
        case .incidentUpdated(let event): ("incident.updated", event.id.description, event)
        case .incidentNoted(let event): ("incident.noted", event.id.description, event)
        case .incidentClosed(let event): ("incident.closed", event.id.description, event)
        case .driftBaselineSet(let event): ("drift.baselineSet", event.id.description, event)
        case .driftReported(let event): ("drift.reported", event.id.description, event)
        }
    }
}
