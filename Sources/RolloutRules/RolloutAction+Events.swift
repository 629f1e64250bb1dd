public import RegistryRecords
import RegistryTypes

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
        let known = facts.openIncidents.first { $0.family == report.family }
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
            .releaseRejected(ReleaseRejected(id: rollout.release, reason: report.result.sentence)),
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

    /// An open incident of the family gets a line; else one is opened.
    private static func incident(
        _ report: RolloutReport,
        _ facts: RolloutFacts
    ) -> (id: IncidentID, event: RegistryEvent) {
        if let open = facts.openIncidents.first(where: { $0.family == report.family }) {
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
