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
    /// Weights that were quarantined may be loaded again.
    case quarantineLifted(QuarantineLifted)
    /// Where a version came from is known.
    case versionLineageAdded(VersionLineageAdded)
    /// A model has a name that people know it by.
    case modelNamed(ModelNamed)
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
    /// What is said of an answer changed, or came from another key than the request.
    case requestLabelled(RequestLabelled)
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
    /// A release that nobody watches has answered where it is live.
    case channelSettled(ChannelSettled)
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
    /// A log from which acknowledged events are missed was taken as it is.
    case logAccepted(LogAccepted)

    /// The kind as stored, such as `channel.moved`.
    public var kind: String { type(of: facts).kind }

    /// What it happened to, such as `ticket-bot@production`.
    public var subject: String { facts.subject }

    /// What was before, what is now, and why, as far as it says.
    public var change: EventChange { facts.change }

    /// The facts as new entries store them: canonical JSON that states its form.
    ///
    /// - Throws: `EncodingError`; ``RegistryTypesError/unknownEventKind(_:)`` for a kind that could not be read back.
    public func body() throws -> Data {
        let facts = facts
        guard Self.readers[kind] != nil else { throw RegistryTypesError.unknownEventKind(kind) }
        return try facts.stored()
    }

    /// Reads a stored event back, whatever form its body has.
    ///
    /// - Throws: ``RegistryTypesError/unknownEventKind(_:)``, `DecodingError`.
    public init(kind: String, body: Data) throws {
        guard let reader = Self.readers[kind] else { throw RegistryTypesError.unknownEventKind(kind) }
        self = try reader.read(body)
    }

    /// Reads an entry of the log back.
    ///
    /// - Throws: as ``init(kind:body:)``.
    public init(_ entry: Event) throws { try self.init(kind: entry.kind, body: Data(entry.body.utf8)) }

    /// Every kind there is, by name.
    public static var kinds: [String] { readers.keys.sorted() }

    /// What every event has, whichever it is.
    private var facts: any EventBody {
        switch self {
        case .keyCreated(let event): event
        case .keyRevoked(let event): event
        case .versionPublished(let event): event
        case .versionQuarantined(let event): event
        case .quarantineLifted(let event): event
        case .versionLineageAdded(let event): event
        case .modelNamed(let event): event
        case .promptPushed(let event): event
        case .releaseCreated(let event): event
        case .releaseRejected(let event): event
        case .trafficImported(let event): event
        case .requestLabelled(let event): event
        case .documentApplied(let event): event
        case .canaryStarted(let event): event
        case .canaryJudged(let event): event
        case .canaryStopped(let event): event
        case .evaluationStarted(let event): event
        case .evaluationStopped(let event): event
        case .evaluationFinished(let event): event
        case .decisionRecorded(let event): event
        case .channelMoved(let event): event
        case .channelSettled(let event): event
        case .rolloutStarted(let event): event
        case .rolloutSettled(let event): event
        case .rolloutReturned(let event): event
        case .rolloutEnded(let event): event
        case .holdPlaced(let event): event
        case .holdLifted(let event): event
        case .releaseCrashed(let event): event
        case .incidentOpened(let event): event
        case .incidentUpdated(let event): event
        case .incidentNoted(let event): event
        case .incidentClosed(let event): event
        case .driftBaselineSet(let event): event
        case .driftReported(let event): event
        case .logAccepted(let event): event
        }
    }

    /// The members of the facts of a kind that are shown to nobody.
    static func secretMembers(of kind: String) -> Set<String> { readers[kind]?.secret ?? [] }

    private struct Reader {
        let secret: Set<String>
        let read: @Sendable (Data) throws -> RegistryEvent
    }

    /// How each kind is read. The case says the type of the facts, and that says the kind.
    private static let readers: [String: Reader] = {
        func reader<Facts: EventBody>(_ make: @escaping @Sendable (Facts) -> RegistryEvent) -> (String, Reader) {
            (Facts.kind, Reader(secret: Facts.secretMembers) { make(try CanonicalJSON.decode(Facts.self, from: $0)) })
        }
        return Dictionary(uniqueKeysWithValues: [
            reader(RegistryEvent.keyCreated), reader(RegistryEvent.keyRevoked),
            reader(RegistryEvent.versionPublished), reader(RegistryEvent.versionQuarantined),
            reader(RegistryEvent.quarantineLifted),
            reader(RegistryEvent.versionLineageAdded), reader(RegistryEvent.modelNamed),
            reader(RegistryEvent.promptPushed),
            reader(RegistryEvent.releaseCreated), reader(RegistryEvent.releaseRejected),
            reader(RegistryEvent.trafficImported), reader(RegistryEvent.requestLabelled),
            reader(RegistryEvent.documentApplied),
            reader(RegistryEvent.canaryStarted), reader(RegistryEvent.canaryJudged),
            reader(RegistryEvent.canaryStopped),
            reader(RegistryEvent.evaluationStarted), reader(RegistryEvent.evaluationStopped),
            reader(RegistryEvent.evaluationFinished),
            reader(RegistryEvent.decisionRecorded),
            reader(RegistryEvent.channelMoved), reader(RegistryEvent.channelSettled),
            reader(RegistryEvent.rolloutStarted), reader(RegistryEvent.rolloutSettled),
            reader(RegistryEvent.rolloutReturned), reader(RegistryEvent.rolloutEnded),
            reader(RegistryEvent.holdPlaced), reader(RegistryEvent.holdLifted),
            reader(RegistryEvent.releaseCrashed),
            reader(RegistryEvent.incidentOpened), reader(RegistryEvent.incidentUpdated),
            reader(RegistryEvent.incidentNoted), reader(RegistryEvent.incidentClosed),
            reader(RegistryEvent.driftBaselineSet), reader(RegistryEvent.driftReported),
            reader(RegistryEvent.logAccepted),
        ])
    }()
}
