import Catalog
import Foundation
import GRDB
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing

/// Rollouts, holds and incidents in the tables, and what the registry refuses about them.
@Suite struct RolloutTests {
    let scratch: ScratchFolder
    let catalog: Catalog
    let model: Name
    let production: Name

    init() async throws {
        scratch = try ScratchFolder()
        catalog = try Catalog.open(path: scratch.catalog)
        (model, production) = (try Name("ticket-bot"), try Name("production"))
        try await catalog.append([try Samples.prompt(1)])
        for number in 1...4 {
            try await catalog.append([try Samples.version(number), try Samples.release(number, version: number)])
        }
        try await catalog.append([try Samples.move(from: nil, to: 1)])
    }

    /// Appends all events as one command.
    private func together(_ events: [RegistryEvent]) async throws {
        _ = try await catalog.append(actor: "serin", time: Samples.time(100)) { _ in events }
    }

    private func promoted(_ number: Int, from: Int, to: Int, lastSettled: Int? = 1) async throws {
        try await together([
            try Samples.move(from: from, to: to, settled: false),
            try Samples.rolloutStarted(number, release: to, from: lastSettled),
        ])
    }

    private func returned(_ number: Int, release: Int, to: Int, incident: Int) throws -> [RegistryEvent] {
        [
            try incidentOpened(incident, .quality, release),
            .rolloutReturned(
                RolloutReturned(
                    id: RolloutID(number),
                    to: to,
                    cause: RolloutCause(kind: .burn, indicator: try Name("valid-json")),
                    result: Samples.result("returned"),
                    incident: IncidentID(incident)
                )
            ),
            try Samples.move(from: release, to: to, how: .returned),
            .releaseRejected(ReleaseRejected(id: ReleaseID(model, release), reason: "bad answers")),
            .holdPlaced(HoldPlaced(model: model, channel: production, rollout: RolloutID(number), reason: "returned")),
        ]
    }

    private func incidentOpened(_ number: Int, _ family: IncidentFamily, _ release: Int) throws -> RegistryEvent {
        .incidentOpened(
            IncidentOpened(
                id: IncidentID(number),
                model: model,
                family: family,
                severity: .ticket,
                title: "valid-json burns",
                sentence: "valid-json burns under r\(release)",
                release: release
            )
        )
    }

    private func refused(_ events: [RegistryEvent], _ comment: Comment? = nil) async throws {
        let before = try await catalog.dump()
        await #expect(throws: CatalogError.self, comment) { try await together(events) }
        #expect(try await catalog.dump() == before)
    }

    @Test func aSettledRolloutMakesItsMoveCountForRollbacks() async throws {
        try await promoted(1, from: 1, to: 2)
        #expect(try await catalog.read { try $0.lastSettled(model, production) } == 1)
        #expect(try await catalog.read { try $0.channel(model, production)?.move.settled } == false)
        let active = try await catalog.read { try $0.activeRollout(model, production) }
        #expect(active?.id == RolloutID(1))
        #expect(active?.release == ReleaseID(model, 2))
        #expect(active?.previous == 1)
        #expect(active?.indicators.first?.degradation == .badAnswers)
        try await together([.rolloutSettled(RolloutSettled(id: RolloutID(1), result: Samples.result("fine")))])
        #expect(try await catalog.read { try $0.channel(model, production)?.move.settled } == true)
        #expect(try await catalog.read { try $0.activeRollouts() }.isEmpty)
        try await promoted(2, from: 2, to: 3, lastSettled: 2)
        #expect(try await catalog.read { try $0.lastSettled(model, production) } == 2)
        let rollouts = try await catalog.read { try $0.rollouts(of: model) }
        #expect(rollouts.map(\.state) == [.probation, .settled])
        #expect(rollouts.last?.result == Samples.result("fine"))
        #expect(try await catalog.read { try $0.rollouts(limit: 5, before: RolloutID(2)) }.map(\.id) == [RolloutID(1)])
        #expect(try await catalog.rebuild().isEqual)
    }

    @Test func aReleaseThatWasSupersededInItsWatchIsPassedOver() async throws {
        try await promoted(1, from: 1, to: 2)
        #expect(try await catalog.read { try $0.lastSettled(model, production, besides: 3) } == 1)
        try await together([
            .rolloutEnded(RolloutEnded(id: RolloutID(1), how: .superseded)),
            try Samples.move(from: 2, to: 3, settled: false), try Samples.rolloutStarted(2, release: 3, from: 1),
        ])
        #expect(try await catalog.read { try $0.activeRollouts() }.map(\.id) == [RolloutID(2)])
        #expect(try await catalog.read { try $0.lastSettled(model, production) } == 1)
    }

    @Test func aReturnIsOneCommandMoveRejectionHoldAndIncident() async throws {
        try await promoted(1, from: 1, to: 2)
        try await together(try returned(1, release: 2, to: 1, incident: 1))
        let rollout = try await catalog.read { try $0.rollout(RolloutID(1)) }
        #expect(rollout?.state == .returned)
        #expect(rollout?.incident == IncidentID(1))
        #expect(rollout?.cause?.kind == .burn)
        #expect(rollout?.endedBy == "serin")
        let channel = try await catalog.read { try $0.channel(model, production) }
        #expect(channel?.release == 1)
        #expect(channel?.move.how == .returned)
        let hold = try await catalog.read { try $0.hold(model, production) }
        #expect(hold?.rollout == RolloutID(1))
        #expect(try await catalog.read { try $0.holds() }.count == 1)
        // Ordinary promotion is refused, an override is not.
        try await refused([try Samples.move(from: 1, to: 3)], "on hold")
        try await together([try Samples.move(from: 1, to: 3, how: .overridden, settled: false)])
        try await together([
            try Samples.rolloutStarted(2, release: 3, from: 1),
            .rolloutEnded(RolloutEnded(id: RolloutID(2), how: .aborted)),
            try Samples.move(from: 3, to: 1, how: .rolledBack),
        ])
        try await together([.holdLifted(HoldLifted(model: model, channel: production, reason: "understood"))])
        #expect(try await catalog.read { try $0.hold(model, production) } == nil)
        #expect(try await catalog.read { try $0.pastHolds(model, production) }.first?.liftedReason == "understood")
        try await together([try Samples.move(from: 1, to: 3)])
        #expect(try await catalog.rebuild().isEqual)
        #expect(try await catalog.checkIntegrity().isIntact)
    }

    @Test func theLogRefusesASecondWatchReturnHoldAndOpenIncident() async throws {
        try await refused([try Samples.rolloutStarted(1, release: 1, from: nil)], "settled already")
        try await promoted(1, from: 1, to: 2)
        let result = Samples.result("x")
        let settled = RegistryEvent.rolloutSettled(RolloutSettled(id: RolloutID(1), result: result))
        let ended = RegistryEvent.rolloutEnded(RolloutEnded(id: RolloutID(1), how: .rolledBack))
        try await refused([try Samples.rolloutStarted(2, release: 2, from: 1)], "one watch per channel")
        try await refused([try Samples.rolloutStarted(3, release: 2, from: 1)], "a gap")
        try await refused([try Samples.move(from: 2, to: 3)], "leaves a watch behind")
        try await refused([try Samples.move(from: 2, to: 1, how: .rolledBack)], "leaves a watch behind")
        try await refused([.rolloutEnded(RolloutEnded(id: RolloutID(1), how: .settled))], "not by a person")
        try await refused([.rolloutEnded(RolloutEnded(id: RolloutID(9), how: .aborted))], "no such rollout")
        try await refused([ended, settled], "ended")
        try await refused(try returned(1, release: 2, to: 3, incident: 1), "not the last settled")
        try await refused(
            [.releaseCrashed(ReleaseCrashed(id: ReleaseID(model, 1), rollout: RolloutID(1), why: "x"))],
            "not the watched release"
        )
        try await refused([.holdLifted(HoldLifted(model: model, channel: production, reason: "none"))])
        try await refused([
            .rolloutReturned(
                RolloutReturned(
                    id: RolloutID(1),
                    to: 1,
                    cause: RolloutCause(kind: .crashes),
                    result: result,
                    incident: IncidentID(7)
                )
            )
        ])
        try await together(try returned(1, release: 2, to: 1, incident: 1))
        try await refused(try Array(returned(1, release: 2, to: 1, incident: 2).dropFirst()), "returned once")
        try await refused([.holdPlaced(HoldPlaced(model: model, channel: production, reason: "again"))])
        try await refused([try incidentOpened(2, .quality, 2)], "one open incident of a family")
        try await refused([try incidentOpened(3, .latency, 2)], "a gap")
        try await together([try incidentOpened(2, .latency, 2)])
        try await together([.incidentClosed(IncidentClosed(id: IncidentID(1), reason: "fixed"))])
        try await refused([.incidentClosed(IncidentClosed(id: IncidentID(1), reason: "twice"))])
        try await refused([.incidentUpdated(IncidentUpdated(id: IncidentID(1), text: "late"))])
        try await refused([.incidentNoted(IncidentNoted(id: IncidentID(9), text: "nothing"))])
        try await together([.incidentNoted(IncidentNoted(id: IncidentID(1), text: "seen again"))])
        try await together([try incidentOpened(3, .quality, 2)])
    }

    @Test func twoCommandsThatDecidedOnTheSameWatchTheSecondOneLoses() async throws {
        try await promoted(1, from: 1, to: 2)
        let byPerson: [RegistryEvent] = [
            .rolloutEnded(RolloutEnded(id: RolloutID(1), how: .rolledBack, reason: "slow")),
            try Samples.move(from: 2, to: 1, how: .rolledBack),
        ]
        try await together(byPerson)
        try await refused(try returned(1, release: 2, to: 1, incident: 1), "the person was first")
        #expect(try await catalog.read { try $0.rollout(RolloutID(1)) }?.state == .rolledBack)
        #expect(try await catalog.read { try $0.incidents() }.isEmpty)
    }

    @Test func crashesAreCountedWhereTheyBelong() async throws {
        try await together([.releaseCrashed(ReleaseCrashed(id: ReleaseID(model, 1), why: "signal 9"))])
        try await promoted(1, from: 1, to: 2)
        for _ in 0..<2 {
            try await together([
                .releaseCrashed(ReleaseCrashed(id: ReleaseID(model, 2), rollout: RolloutID(1), why: "signal 9"))
            ])
        }
        #expect(try await catalog.read { try $0.activeRollouts() }.first?.crashes == 2)
    }

    @Test func anIncidentKeeps40SamplesAndGrowsMoreSevere() async throws {
        try await together([try incidentOpened(1, .latency, 1)])
        for first in [UInt64(0), 30, 60] {
            try await together([
                .incidentUpdated(
                    IncidentUpdated(
                        id: IncidentID(1),
                        text: "more",
                        severity: first == 30 ? .page : nil,
                        samples: (first..<first + 30).map { Samples.request($0) } + [Samples.request(0)]
                    )
                )
            ])
        }
        let incident = try await catalog.read { try $0.openIncident(model, .latency, in: nil) }
        #expect(incident?.samples == (0..<40).map { Samples.request($0) })
        #expect(incident?.severity == .page)
        let timeline = try await catalog.read { try $0.timeline(of: IncidentID(1)) }
        #expect(timeline.map(\.kind) == [.opened, .updated, .updated, .updated])
        #expect(try await catalog.read { try $0.incidents(of: model, isOpen: true) }.count == 1)
        #expect(try await catalog.read { try $0.incidents(isOpen: false) }.isEmpty)
        let unknown = try await catalog.read { try $0.missing(.incident(IncidentID(9))) }
        #expect(unknown == .notFound(what: "incident", name: "i-9", near: ["i-1"]))
    }

    @Test func theTablesThemselvesRefuseWhatNoRolloutCanBe() async throws {
        try await promoted(1, from: 1, to: 2)
        try await catalog.close()
        let database = try DatabaseQueue(path: scratch.catalog)
        for sql in [
            "UPDATE rollout SET state = 'returned'", "UPDATE rollout SET state = 'settled', endedAt = 1",
            "UPDATE rollout SET event = json_set(event, '$.holdback', 0.6)",
            "UPDATE rollout SET event = json_set(event, '$.probationSeconds', 0)",
            "UPDATE rollout SET fromRelease = 2", "UPDATE rollout SET fromRelease = NULL",
            "UPDATE rollout SET move = 1",
            "UPDATE rollout SET crashes = -1", "UPDATE rollout SET event = '['",
        ] {
            await #expect(throws: DatabaseError.self, "\(sql)") {
                try await database.write { try $0.execute(sql: sql) }
            }
        }
    }
}
