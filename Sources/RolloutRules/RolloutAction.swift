public import RegistryRecords
public import RegistryTypes

/// What a watch wants to be written to the log. It asks again in each step until it is told that it was.
public enum RolloutAction: Hashable, Sendable {
    /// The release came through.
    case settle(RolloutReport)
    /// The release goes back, now.
    case takeBack(RolloutReport)
    /// Something burns, or no longer does, and the release stays: it belongs into an incident. Said once.
    case report(RolloutReport)
}

/// Why something burns while a release is watched, as far as it is known.
public enum BurnCause: String, Codable, Sendable, CaseIterable {
    /// The release burns, and the comparison with the held-back share does not say yet whether it is the cause.
    case undecided
    /// The held-back share suffers too: not the fault of the release.
    case shared
    /// There is no settled release to go back to.
    case nothingToReturnTo
    /// What one key asks burns, or makes the release look worse, and what the others asked contradicts it.
    case oneKey
    /// It burns no longer.
    case over
}

/// What a watch found, for the log and for an incident.
public struct RolloutReport: Hashable, Sendable {
    /// The trigger that returns the release; nil when it settles or stays.
    public let cause: RolloutCause?
    /// What is known of a burn that does not return the release.
    public let burn: BurnCause?
    /// The family of the incident.
    public let family: IncidentFamily
    /// How soon somebody must look.
    public let severity: IncidentSeverity
    /// What happened, in a few words.
    public let title: String
    /// The numbers and the sentence.
    public let result: RolloutResult
    /// Bad requests of the release, at most 40.
    public let samples: [RequestID]

    /// Makes the value from its fields.
    public init(
        cause: RolloutCause? = nil,
        burn: BurnCause? = nil,
        family: IncidentFamily,
        severity: IncidentSeverity = .page,
        title: String,
        result: RolloutResult,
        samples: [RequestID] = []
    ) {
        self.cause = cause
        self.burn = burn
        self.family = family
        self.severity = severity
        self.title = title
        self.result = result
        self.samples = samples
    }
}

/// What the log says at the moment in which an action is written to it; read in the same transaction.
public struct RolloutFacts: Sendable {
    /// The rollout as the log has it.
    public let rollout: RolloutRecord
    /// The last settled release of its channel, to which a return goes; nil for none.
    public let lastSettled: Int?
    /// The number the next incident gets.
    public let nextIncident: IncidentID
    /// The open incidents of the model, in any channel.
    public let openIncidents: [IncidentRecord]
    /// The last moves of the channel, newest first.
    public let lastMoves: [ChannelMove]
    /// Whether the channel is on hold already.
    public let isOnHold: Bool

    /// Makes the value from its fields.
    public init(
        rollout: RolloutRecord,
        lastSettled: Int?,
        nextIncident: IncidentID,
        openIncidents: [IncidentRecord],
        lastMoves: [ChannelMove],
        isOnHold: Bool
    ) {
        self.rollout = rollout
        self.lastSettled = lastSettled
        self.nextIncident = nextIncident
        self.openIncidents = openIncidents
        self.lastMoves = lastMoves
        self.isOnHold = isOnHold
    }
}

extension RolloutFacts {
    /// The open incident of a family in the channel of the rollout: one of another channel is another matter.
    fileprivate func open(_ family: IncidentFamily) -> IncidentRecord? {
        openIncidents.first { $0.family == family && $0.channel == rollout.channel }
    }
}

extension RolloutAction {
    /// The events of this action, for one command: all of them or none.
    ///
    /// - Returns: None when the log has the end of the rollout already, or when there is nothing to go back to and the
    ///   incident says so.
    public func events(_ facts: RolloutFacts) -> [RegistryEvent] {
        guard facts.rollout.state == .probation else { return [] }
        switch self {
        case .settle(let report):
            return [.rolloutSettled(RolloutSettled(id: facts.rollout.id, result: report.result))]
        case .report(let report):
            return [Self.incident(report, facts).event]
        case .takeBack(let report):
            return Self.takeBack(report, facts)
        }
    }

    /// The incident comes first, because the return names it; the move comes after the rollout has ended.
    private static func takeBack(_ report: RolloutReport, _ facts: RolloutFacts) -> [RegistryEvent] {
        let rollout = facts.rollout
        let model = rollout.release.model
        let known = facts.open(report.family)
        guard let cause = report.cause, let target = facts.lastSettled else {
            // It is asked again each second: an incident that is open already has been told enough.
            return known == nil ? [incident(report, facts).event] : []
        }
        let incident = incident(report, facts)
        var events: [RegistryEvent] = [
            incident.event,
            .rolloutReturned(
                RolloutReturned(
                    id: rollout.id,
                    to: target,
                    cause: cause,
                    result: report.result,
                    incident: incident.id
                )
            ),
            .channelMoved(
                ChannelMoved(
                    model: model,
                    channel: rollout.channel,
                    from: rollout.release.number,
                    to: target,
                    how: .returned,
                    reason: report.result.sentence,
                    settled: true
                )
            ),
            .releaseRejected(
                ReleaseRejected(id: rollout.release, channel: rollout.channel, reason: report.result.sentence)
            ),
        ]
        if !facts.isOnHold {
            events.append(
                .holdPlaced(
                    HoldPlaced(
                        model: model,
                        channel: rollout.channel,
                        rollout: rollout.id,
                        reason: "\(rollout.id) was returned: \(report.title)"
                    )
                )
            )
        }
        return events
    }

    /// An open incident of the family and channel gets a line; else one is opened.
    private static func incident(
        _ report: RolloutReport,
        _ facts: RolloutFacts
    ) -> (id: IncidentID, event: RegistryEvent) {
        if let open = facts.open(report.family) {
            let update = IncidentUpdated(
                id: open.id,
                text: report.result.sentence,
                severity: report.severity == .page && report.burn != .over ? .page : nil,
                facts: report.result.facts,
                samples: report.samples
            )
            return (open.id, .incidentUpdated(update))
        }
        let rollout = facts.rollout
        let opened = IncidentOpened(
            id: facts.nextIncident,
            model: rollout.release.model,
            family: report.family,
            severity: report.severity,
            title: report.title,
            sentence: report.result.sentence,
            facts: report.result.facts,
            channel: rollout.channel,
            release: rollout.release.number,
            rollout: rollout.id,
            lastMoves: Array(facts.lastMoves.prefix(5)),
            samples: Array(report.samples.prefix(40))
        )
        return (opened.id, .incidentOpened(opened))
    }
}
