import Catalog
import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import RolloutRules
import TestSupport
import Testing
import UserDocuments
import WireFormat

@testable import ControlPlane

/// Histories drawn at random of everything that moves releases, through the log and the rules that decide: whatever was
/// accepted is replayed to the same tables, and opened by the next process.
@Suite struct LogHistoryTests {
    /// 10,000 of them in `bin/test --full histories`.
    private static let seeds: [ClosedRange<UInt64>] =
        Checkout.hasAllHistories ? (0..<20).map { $0 * 500 + 1...($0 + 1) * 500 } : [1...10]

    @Test(arguments: seeds) func whatWasAcceptedIsReplayed(_ seeds: ClosedRange<UInt64>) async throws {
        var accepted: Set<LogHistory.Step> = []
        for seed in seeds {
            let history = try await LogHistory(seed: seed)
            for _ in 0..<60 { try await history.step() }
            try await history.expectReplayed()
            accepted.formUnion(history.accepted)
        }
        // A command that is always refused would show nothing.
        #expect(Set(LogHistory.Step.allCases).subtracting(accepted).isEmpty)
    }
}

/// One history: a log that is written to by commands as the control plane decides them.
final class LogHistory {
    /// What may happen next.
    enum Step: CaseIterable {
        case publish, prompt, promote, override, rollback, rollbackTo, settle, settleWatch, takeBack, report, crash,
            reject
        case hold, resume, quarantine, lift, apply, key, revoke, incident, note, close, label, canary, clock, restart,
            stale
    }

    /// What moves releases comes more often than the rest.
    private static let drawn =
        Step.allCases + [
            .promote, .promote, .override, .override, .rollback, .settle, .settle, .settleWatch, .settleWatch,
        ]
        + [.settleWatch, .takeBack, .takeBack, .takeBack, .resume]

    private let scratch: ScratchFolder
    private var copies = 0
    private var path: String { "\(scratch.path)/serin-\(copies).db" }
    private var catalog: Catalog
    private var state: UInt64
    private let seed: UInt64
    private var time = Timestamp(milliseconds: 1_795_000_000_000)
    private(set) var accepted: Set<Step> = []
    private let model = DemoPlane.model
    private var channel: Name { [DemoPlane.production, DemoPlane.known("staging")][random(3) / 2] }

    init(seed: UInt64) async throws {
        self.seed = seed
        state = seed &* 0x9e37_79b9_7f4a_7c15
        scratch = try ScratchFolder(inMemory: true)
        catalog = try Catalog.open(path: scratch.path + "/serin-0.db")
        try await append { _ in [try Self.prompt(1)] }
        for number in 1...3 { try await append { _ in [Self.version(number)] } }
        try await append { _ in [try Self.policy(1, probation: "10 s")] }
    }

    private func random(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    @discardableResult
    private func append(_ command: @escaping @Sendable (CatalogState) throws -> [RegistryEvent]) async throws -> Int {
        time = time.adding(seconds: 1)
        return try await catalog.append(actor: "admin", time: time, command: command).count
    }

    /// One step, drawn. What the state does not allow is refused, and leaves nothing.
    func step() async throws {
        let step = Self.drawn[random(Self.drawn.count)]
        do {
            if try await take(step) { accepted.insert(step) }
        } catch is CatalogError {
        } catch is ControlPlaneError {
        }
    }

    /// Replays the log beside the tables, in this process and in the next one.
    func expectReplayed() async throws {
        let comment: Comment = "seed \(seed)"
        let before = try await catalog.dump()
        let report = try await catalog.rebuild()
        #expect(report.isEqual, comment)
        #expect(try await catalog.dump() == before, comment)
        #expect(try await catalog.verifyChain().isIntact, comment)
        #expect(try await catalog.checkIntegrity().isIntact, comment)
        let served = try await catalog.read { try ServingState(in: $0) }
        try await catalog.close()
        catalog = try Catalog.open(path: path)
        #expect(try await catalog.dump() == before, comment)
        #expect(
            try await catalog.read { try ServingState(in: $0) }.channels.map(\.record) == served.channels.map(\.record)
        )
        try await catalog.close()
    }

    // MARK: Steps

    private func take(_ step: Step) async throws -> Bool {
        let model = model, channel = channel, draw = random(1 << 20), time = time
        switch step {
        case .publish:
            return try await append { [Self.version(try $0.nextVersionNumber(of: model))] } > 0
        case .prompt:
            let next = try await catalog.read { try $0.promptVersions(of: Self.promptName).count } + 1
            return try await append { _ in [try Self.prompt(next)] } > 0
        case .promote: return try await promote(to: channel, override: false, draw)
        case .override: return try await promote(to: channel, override: true, draw)
        case .rollback, .rollbackTo:
            return try await append { state in
                guard let record = try state.channel(model, channel) else { return [] }
                let named = draw % (try state.nextReleaseNumber(of: model)) + 1
                guard let to = step == .rollback ? record.rollbackTarget : named else { return [] }
                return try Self.rollback(record, to: to, in: state)
            } > 0
        case .settle:
            return try await append { state in
                guard let record = try state.channel(model, channel), record.settlesByAnswering else { return [] }
                return [
                    .channelSettled(
                        ChannelSettled(
                            model: model,
                            channel: channel,
                            release: record.release,
                            move: record.move.seq,
                            answered: 10,
                            failed: 0
                        )
                    )
                ]
            } > 0
        case .settleWatch: return try await act(on: channel) { .settle($0) }
        case .takeBack: return try await act(on: channel) { .takeBack($0) }
        case .report: return try await act(on: channel) { .report($0) }
        case .crash:
            return try await append { state in
                guard let active = try state.activeRollout(model, channel) else { return [] }
                return [.releaseCrashed(ReleaseCrashed(id: active.release, rollout: active.id, why: "it ended"))]
            } > 0
        case .reject:
            return try await append { state in
                let last = try state.nextReleaseNumber(of: model) - 1
                guard last > 0 else { return [] }
                return [
                    .releaseRejected(
                        ReleaseRejected(
                            id: ReleaseID(model, draw % last + 1),
                            channel: draw % 7 == 0 ? nil : channel,
                            reason: "it is bad"
                        )
                    )
                ]
            } > 0
        case .hold:
            return try await append { _ in
                [.holdPlaced(HoldPlaced(model: model, channel: channel, rollout: nil, reason: "wait"))]
            } > 0
        case .resume:
            return try await append { _ in
                [.holdLifted(HoldLifted(model: model, channel: channel, reason: "go on"))]
            } > 0
        case .quarantine, .lift:
            return try await append { state in
                let last = try state.nextVersionNumber(of: model) - 1
                let id = VersionID(model, draw % last + 1)
                return step == .quarantine
                    ? [.versionQuarantined(VersionQuarantined(id: id, reason: "it ends the process"))]
                    : [.quarantineLifted(QuarantineLifted(weights: Digest(of: []), version: id, reason: "power cut"))]
            } > 0
        case .apply:
            let probation = ["10 s", "30 s", "1 h"][draw % 3]
            return try await append { state in
                let newest = try state.document(.policy, DemoPlane.production)?.revision ?? 0
                return [try Self.policy(newest + 1, probation: probation)]
            } > 0
        case .key:
            let name = DemoPlane.known("key-\(draw % 20)")
            return try await append { _ in
                [.keyCreated(KeyCreated(name: name, role: .caller, tokenHash: Digest(of: Data("\(draw)".utf8))))]
            } > 0
        case .revoke:
            return try await append { state in
                guard let key = try state.keys().first(where: { $0.revokedAt == nil }) else { return [] }
                return [.keyRevoked(KeyRevoked(name: key.name))]
            } > 0
        case .incident:
            return try await append { state in
                let family = IncidentFamily.allCases[draw % IncidentFamily.allCases.count]
                if let open = try state.openIncident(model, family, in: channel) {
                    return [.incidentUpdated(IncidentUpdated(id: open.id, text: "worse", severity: .page))]
                }
                return [
                    .incidentOpened(
                        IncidentOpened(
                            id: try state.nextIncidentID(),
                            model: model,
                            family: family,
                            severity: .ticket,
                            title: "something burns",
                            sentence: "it burns 2 times as fast",
                            channel: channel,
                            lastMoves: try state.moves(model, channel, limit: 5)
                        )
                    )
                ]
            } > 0
        case .note, .close:
            return try await append { state in
                guard let incident = try state.incidents(isOpen: step == .note ? nil : true, limit: 5).last else {
                    return []
                }
                return step == .note
                    ? [.incidentNoted(IncidentNoted(id: incident.id, text: "seen"))]
                    : [.incidentClosed(IncidentClosed(id: incident.id, reason: "over"))]
            } > 0
        case .label:
            return try await append { _ in
                [
                    .requestLabelled(
                        RequestLabelled(
                            request: RequestID(time: time, random: (1, UInt64(draw))),
                            model: model,
                            key: DemoPlane.known("shop"),
                            isCorrect: draw % 2 == 0,
                            isLiked: nil,
                            wasCorrect: draw % 3 == 0 ? nil : true,
                            wasLiked: nil
                        )
                    )
                ]
            } > 0
        case .canary: return try await canary(draw)
        case .clock:
            self.time = time.adding(seconds: Double(draw % 400_000) - 200_000)
            return true
        case .restart:
            // Half of them as a process that was killed leaves its files: the next one reads the log of SQLite too.
            if draw % 2 == 0 { try await catalog.close() } else { try copy() }
            catalog = try Catalog.open(path: path)
            return true
        case .stale:
            // Two that decided on one state: the second is refused.
            let head = try await catalog.read { try $0.head().seq }
            try await append { state in
                let newest = try state.document(.policy, DemoPlane.production)?.revision ?? 0
                return [try Self.policy(newest + 1, probation: "10 s")]
            }
            do {
                _ = try await catalog.append(actor: "admin", time: time, expectedHead: head) { _ in [] }
                return false
            } catch {
                return true
            }
        }
    }

    /// What a process that was killed here leaves behind.
    private func copy() throws {
        let before = path
        copies += 1
        for end in ["", "-wal"] { try? FileManager.default.copyItem(atPath: before + end, toPath: path + end) }
    }

    private func promote(to channel: Name, override: Bool, _ draw: Int) async throws -> Bool {
        let model = model, now = time
        return try await append { state in
            let last = try state.nextVersionNumber(of: model) - 1
            let reason = Override(by: "admin", reason: "now")
            let plan = try PromotionPlan(
                ReleaseChoice(
                    reference: Reference(model: model, selector: .version(draw % last + 1)),
                    prompt: draw % 5 == 0 ? "triage@1" : nil
                ),
                to: channel,
                override: override ? reason : nil,
                budgets: [],
                now: now,
                in: state
            )
            return plan.isUnchanged ? [] : try plan.events(reason: nil, watched: nil, in: state)
        } > 0
    }

    /// A watch says what it says of a release, and the log takes it.
    private func act(
        on channel: Name,
        _ action: @escaping @Sendable (RolloutReport) -> RolloutAction
    ) async throws -> Bool {
        let model = model
        return try await append { state in
            guard let active = try state.activeRollout(model, channel) else { return [] }
            let report = RolloutReport(
                cause: RolloutCause(kind: .engineFailures),
                family: .engine,
                title: "the engine fails",
                result: RolloutResult(
                    watchedSeconds: 1.0 / 3,
                    requests: 12,
                    heldBackRequests: 3,
                    badAnswers: 2,
                    sentence: "the engine failed 3 times"
                )
            )
            return action(report).events(try RolloutFacts(active, in: state))
        } > 0
    }

    private func canary(_ draw: Int) async throws -> Bool {
        let model = model
        return try await append { state in
            if let running = try state.canaries(state: .running, limit: 1).first {
                return [.canaryStopped(CanaryStopped(id: running.id, reason: "enough"))]
            }
            return [
                .trafficImported(
                    TrafficImported(
                        name: DemoPlane.known("set-\(draw)"),
                        digest: Digest(of: Data("\(model) \(draw)".utf8)),
                        sizeBytes: 10,
                        requests: 1,
                        labelled: 0
                    )
                )
            ]
        } > 0
    }

    private static func rollback(_ record: ChannelRecord, to: Int, in state: CatalogState) throws -> [RegistryEvent] {
        let active = try state.activeRollout(record.model, record.channel)
        let ended = active.map { RegistryEvent.rolloutEnded(RolloutEnded(id: $0.id, how: .rolledBack, reason: nil)) }
        return (ended.map { [$0] } ?? []) + [
            .channelMoved(
                ChannelMoved(
                    model: record.model,
                    channel: record.channel,
                    from: record.release,
                    to: to,
                    how: .rolledBack,
                    decision: nil,
                    reason: nil,
                    settled: try state.hasSettled(ReleaseID(record.model, to), in: record.channel)
                )
            ),
            .releaseRejected(
                ReleaseRejected(
                    id: ReleaseID(record.model, record.release),
                    channel: record.channel,
                    reason: "rolled back"
                )
            ),
        ]
    }
}
