import RegistryRecords
import RegistryTypes
import RolloutRules
import ServiceLevels
import Testing
import UserDocuments

@testable import ControlPlane

/// Which requests and labels belong to a watch.
@Suite struct ActiveWatchTests {
    private static let start = Timestamp(milliseconds: 1_795_000_000_000)

    private func watch(documents: [SLODocument] = []) -> ActiveWatch {
        let rollout = RolloutRecord(
            RolloutStarted(
                id: RolloutID(2),
                release: ReleaseID(DemoPlane.model, 2),
                channel: DemoPlane.production,
                from: 1,
                probationSeconds: 60,
                holdback: 0.5,
                triggers: [],
                indicators: documents.map { RolloutIndicator($0) }
            ),
            how: .overridden,
            move: 9,
            startedBy: "admin",
            startedAt: Self.start
        )
        return ActiveWatch(rollout, watch: RolloutWatch(rollout), documents: documents, stored: [:], now: Self.start)
    }

    private func record(
        after seconds: Double,
        _ outcome: RequestOutcome = .answered,
        queueSeconds: Double? = nil
    ) -> RequestRecord {
        let time = Self.start.adding(seconds: seconds)
        return RequestRecord(
            id: RequestID(time: time, random: (1, 2)),
            time: time,
            model: DemoPlane.model,
            asked: "ticket-bot",
            channel: DemoPlane.production,
            release: 2,
            version: 2,
            prompt: VersionID(DemoPlane.known("triage"), 1),
            arm: .live,
            key: DemoPlane.known("app"),
            outcome: outcome,
            status: 200,
            queueSeconds: queueSeconds,
            totalSeconds: 0.1,
            capture: .metadata
        )
    }

    /// When the answer came and when it was labelled, in seconds after the promotion, and whether the label counts. The
    /// same release may have been live before: what was said late of that time is no evidence now, unless the clock
    /// stepped back and the times cannot be compared.
    @Test(arguments: [(5.0, 6.0, true), (-300, 6, false), (-300, -299, true)])
    func labelsOfAnEarlierPromotion(_ answered: Double, _ labelled: Double, _ counts: Bool) {
        var watch = watch()
        let record = record(after: answered)
        let label = RequestLabel(
            request: record.id,
            isCorrect: false,
            by: DemoPlane.known("app"),
            at: Self.start.adding(seconds: labelled)
        )
        watch.add(label, of: record, [])
        #expect(watch.candidate.labelled == (counts ? 1 : 0))
        #expect(watch.candidate.bad == (counts ? 1 : 0))
    }

    /// The first bad answer is when it was given, not when the watch looked.
    @Test func theFirstBadAnswerHasItsOwnTime() throws {
        let slo = """
            apiVersion: serin/v1
            kind: SLO
            name: answers
            for: { channel: production, models: ["*"] }
            indicator: { type: availability }
            target: 99 %
            window: 30 d
            """
        guard case .slo(let document) = try Document.parse(slo, file: "slo.yaml")[0] else { return }
        var watch = watch(documents: [document])
        _ = watch.step(monotonicSeconds: 0, now: Self.start)
        let bad: [(slo: Name, judgement: EventJudgement)] = [(document.name, .bad)]
        watch.add(record(after: 1, .timedOut, queueSeconds: 0.1), bad)
        watch.add(record(after: 1.7, .timedOut, queueSeconds: 0.1), bad)
        _ = watch.step(monotonicSeconds: 2, now: Self.start.adding(seconds: 2))
        #expect(watch.watch.resultSoFar().firstBadAt == Self.start.adding(seconds: 1))
        let again = try RolloutWatch(watch.rollout, checkpoint: watch.watch.checkpoint())
        #expect(again.resultSoFar().firstBadAt == Self.start.adding(seconds: 1))
    }

    @Test func whoLeftIsNoRequestThatCounts() {
        var watch = watch()
        watch.add(record(after: 1, .clientGone), [])
        watch.add(record(after: 2, .engineFailed), [])
        #expect(watch.candidate.requests == 1 && watch.candidate.failed == 1)
    }

    /// How many ask at once is no fault of a release: what never had its turn is not blamed on it, what ran too long is.
    @Test(
        arguments: [
            (.overloaded, nil, 0), (.ownLoad, nil, 0), (.timedOut, nil, 0), (.timedOut, 0.5, 1),
            (.engineFailed, nil, 1),
            (.clientDeadline, 0.5, 0),
        ] as [(RequestOutcome, Double?, Int)]
    )
    func overloadIsNoFaultOfARelease(_ outcome: RequestOutcome, _ queueSeconds: Double?, _ failed: Int) {
        var watch = watch()
        watch.add(record(after: 1, outcome, queueSeconds: queueSeconds), [])
        #expect(watch.candidate.failed == failed && watch.candidate.bad == failed)
    }
}
