import Foundation
import RegistryRecords
import RegistryTypes
import RolloutRules
import Testing
import UserDocuments

/// What actions and promotions write to the log.
@Suite struct ActionEventsTests {
    private func report(_ cause: RolloutCause? = nil, _ burn: BurnCause? = nil) -> RolloutReport {
        RolloutReport(
            cause: cause,
            burn: burn,
            family: .quality,
            title: "valid-json burns under r2",
            result: RolloutResult(
                watchedSeconds: 9,
                requests: 40,
                heldBackRequests: 11,
                badAnswers: 12,
                sentence: "r2 was returned to r1: r2 12 of 40 bad",
                facts: ["valid-json: r2 12 of 40 bad"]
            ),
            samples: (0..<60).map { RequestID(time: Fixture.time(0), random: (0, $0)) }
        )
    }

    private func facts(
        lastSettled: Int? = 1,
        open: [IncidentFamily] = [],
        isOnHold: Bool = false,
        state: RolloutState = .probation
    ) throws -> RolloutFacts {
        let rollout = try Fixture.record()
        let ended = RolloutRecord(
            RolloutStarted(
                id: rollout.id,
                release: rollout.release,
                channel: rollout.channel,
                from: 1,
                probationSeconds: 60,
                holdback: 0.2,
                triggers: [],
                indicators: []
            ),
            how: .promoted,
            move: 7,
            end: state == .probation ? nil : .ended(RolloutEnded(id: rollout.id, how: state)),
            startedBy: "ada",
            startedAt: Fixture.time(0)
        )
        return RolloutFacts(
            rollout: state == .probation ? rollout : ended,
            lastSettled: lastSettled,
            nextIncident: IncidentID(5),
            openIncidents: open.map { family in
                IncidentRecord(
                    IncidentOpened(
                        id: IncidentID(3),
                        model: rollout.release.model,
                        family: family,
                        severity: .ticket,
                        title: "t",
                        sentence: "s",
                        facts: [],
                        channel: rollout.channel,
                        rollout: rollout.id,
                        lastMoves: [],
                        samples: []
                    ),
                    openedBy: "serin",
                    openedAt: Fixture.time(0)
                )
            },
            lastMoves: [],
            isOnHold: isOnHold
        )
    }

    private let worse = RolloutCause(kind: .worseThanPrevious)

    @Test func aReturnOpensTheIncidentFirstAndHoldsTheChannelLast() throws {
        let events = RolloutAction.takeBack(report(worse)).events(try facts())
        #expect(
            events.map(\.kind) == [
                "incident.opened", "rollout.returned", "channel.moved", "release.rejected", "hold.placed",
            ]
        )
        guard case .incidentOpened(let incident) = events[0], case .rolloutReturned(let returned) = events[1],
            case .channelMoved(let move) = events[2], case .holdPlaced(let hold) = events[4]
        else {
            Issue.record("other events")
            return
        }
        #expect(incident.samples.count == 40)
        #expect(returned.incident == IncidentID(5) && returned.to == 1)
        #expect(move.how == .returned && move.settled && move.from == 2 && move.to == 1)
        #expect(hold.reason == "ro-1 was returned: valid-json burns under r2")
        for event in events {
            #expect(try RegistryEvent(kind: event.kind, body: event.body()) == event)
        }
    }

    @Test func whatIsThereAlreadyIsNotMadeTwice() throws {
        let events = RolloutAction.takeBack(report(worse)).events(try facts(open: [.quality], isOnHold: true))
        #expect(
            events.map(\.kind) == ["incident.updated", "rollout.returned", "channel.moved", "release.rejected"]
        )
        guard case .rolloutReturned(let returned) = events[1] else { return }
        #expect(returned.incident == IncidentID(3))
    }

    @Test func anotherFamilyOpensItsOwnIncident() throws {
        let events = RolloutAction.report(report(nil, .shared)).events(try facts(open: [.latency]))
        #expect(events.map(\.kind) == ["incident.opened"])
    }

    @Test func withNothingToGoBackToThereIsAnIncidentOnce() throws {
        let action = RolloutAction.takeBack(report(worse))
        #expect(action.events(try facts(lastSettled: nil)).map(\.kind) == ["incident.opened"])
        #expect(action.events(try facts(lastSettled: nil, open: [.quality])).isEmpty)
    }

    @Test(arguments: RolloutState.allCases.filter { $0 != .probation })
    func aRolloutThatHasEndedTakesNoAction(_ state: RolloutState) throws {
        let known = try facts(state: state)
        for action in [RolloutAction.settle(report()), .takeBack(report(worse)), .report(report(nil, .over))] {
            #expect(action.events(known).isEmpty)
        }
    }

    private func start(
        live: Int?,
        probation: Double = 60,
        lastSettled: Int? = 1,
        active: RolloutRecord? = nil
    ) throws -> RolloutStart {
        let policy = PolicyDocument(
            name: try Name("production"),
            scope: PolicyDocument.Scope(channel: try Name("production"), models: []),
            gates: [],
            rollout: Rollout(probationSeconds: probation, holdback: probation > 0 ? 0.2 : 0)
        )
        return RolloutStart(
            release: ReleaseID(try Name("ticket-bot"), 2),
            channel: try Name("production"),
            live: live,
            lastSettled: lastSettled,
            active: active,
            result: nil,
            policy: PolicyRevision(document: policy, revision: 3, digest: try policy.digest()),
            indicators: [],
            nextID: RolloutID(2)
        )
    }

    @Test func aReleaseThatComesOverAnotherIsWatchedWhereThePolicySaysHowLong() throws {
        #expect(try start(live: nil).after.isEmpty)
        let watched = try start(live: 1)
        #expect(watched.after.map(\.kind) == ["rollout.started"])
        #expect(watched.before.isEmpty)
        #expect(try start(live: 1, probation: 0).after.isEmpty)
        #expect(try start(live: 3, active: Fixture.record()).before.map(\.kind) == ["rollout.ended"])
    }

    @Test func withoutASettledReleaseNothingIsHeldBack() throws {
        guard case .rolloutStarted(let started)? = try start(live: 1, lastSettled: nil).after.first else {
            Issue.record("not watched")
            return
        }
        #expect(started.holdback == 0 && started.from == nil)
        #expect(started.policy?.description == "production rev 3")
    }
}
