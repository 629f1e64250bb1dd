import GRDB
import RegistryRecords
import RegistryTypes

extension Projection {
    func apply(_ body: CanaryStarted, _ entry: Event) throws {
        try expect(body.id.number, toBe: state.nextCanaryID().number, "canary")
        for release in [body.candidate, body.baseline] where try state.release(release) == nil {
            throw try state.missing(.release(release))
        }
        guard let traffic = try state.traffic(body.traffic) else { throw try state.missing(.traffic(body.traffic)) }
        guard traffic.digest == body.trafficDigest else {
            throw CatalogError.refused("traffic set \(body.traffic) has other requests than canary \(body.id) names")
        }
        try write(
            """
            INSERT INTO canary (number, candidateModel, candidateRelease, baselineModel, baselineRelease, traffic,
                trafficDigest, document, documentDigest, requests, seed, state, startedBy, startedAt, seq)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?)
            """,
            [
                body.id.number, body.candidate.model.text, body.candidate.number, body.baseline.model.text,
                body.baseline.number, body.traffic.text, body.trafficDigest.column, body.document.text,
                body.documentDigest.column, body.requests, Int64(bitPattern: body.seed), entry.actor,
                entry.time.milliseconds, entry.seq,
            ]
        )
    }

    func apply(_ body: CanaryJudged, _ entry: Event) throws {
        try addBlob(body.evidence, sizeBytes: body.evidenceSizeBytes, entry)
        try expectRunning(body.id)
        try write(
            """
            UPDATE canary SET state = 'judged', verdict = ?, summary = ?, evidence = ?, requestsNeeded = ?,
                failedChecks = ?, finishedAt = ?, finishedSeq = ? WHERE number = ?
            """,
            [
                body.verdict.rawValue, body.summary, body.evidence.column, body.requestsNeeded,
                jsonColumn(body.failedChecks),
                entry.time.milliseconds, entry.seq, body.id.number,
            ]
        )
    }

    func apply(_ body: CanaryStopped, _ entry: Event) throws {
        try expectRunning(body.id)
        try write(
            "UPDATE canary SET state = 'stopped', summary = ?, finishedAt = ?, finishedSeq = ? WHERE number = ?",
            [body.reason, entry.time.milliseconds, entry.seq, body.id.number]
        )
    }

    /// A verdict is given once and stays.
    private func expectRunning(_ id: CanaryID) throws {
        guard let canary = try state.canary(id) else { throw try state.missing(.canary(id)) }
        guard canary.state == .running else { throw CatalogError.canaryEnded(id, state: canary.state) }
    }

    func apply(_ body: EvaluationStarted, _ entry: Event) throws {
        try add(body, entry)
    }

    func apply(_ body: EvaluationStopped, _ entry: Event) throws {
        try expectRunning(body.id)
        try write(
            "UPDATE evaluation SET state = 'stopped', summary = ?, endedAt = ?, finishedSeq = ? WHERE number = ?",
            [body.reason, entry.time.milliseconds, entry.seq, body.id.number]
        )
    }

    /// The first builds wrote an evaluation down when it had ended, and not when it was asked for.
    func apply(_ body: EvaluationFinished, _ entry: Event) throws {
        if let record = try state.evaluation(body.id) {
            try expectRunning(body.id)
            guard record.release == body.release, record.suiteDigest == body.suiteDigest else {
                throw CatalogError.refused("evaluation \(body.id) was asked for with another release or suite")
            }
        } else {
            let cases = body.scores.map(\.samples).max() ?? 0
            try add(
                EvaluationStarted(
                    id: body.id,
                    release: body.release,
                    suite: body.suite,
                    suiteDigest: body.suiteDigest,
                    cases: cases
                ),
                entry
            )
        }
        try addBlob(body.evidence, sizeBytes: body.evidenceSizeBytes, entry)
        try write(
            """
            UPDATE evaluation SET state = 'finished', scores = ?, evidence = ?, endedAt = ?, finishedSeq = ?
            WHERE number = ?
            """,
            [
                jsonColumn(body.scores), body.evidence.column, entry.time.milliseconds, entry.seq, body.id.number,
            ]
        )
    }

    private func add(_ body: EvaluationStarted, _ entry: Event) throws {
        try expect(body.id.number, toBe: state.nextEvaluationID().number, "evaluation")
        guard try state.release(body.release) != nil else { throw try state.missing(.release(body.release)) }
        guard let suite = try state.traffic(body.suite) else { throw try state.missing(.traffic(body.suite)) }
        guard suite.digest == body.suiteDigest else {
            throw CatalogError.refused("suite \(body.suite) has other requests than evaluation \(body.id) names")
        }
        try write(
            """
            INSERT INTO evaluation (number, model, release, suite, suiteDigest, cases, startedBy, startedAt, seq)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.id.number, body.release.model.text, body.release.number, body.suite.text,
                body.suiteDigest.column, body.cases, entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
    }

    /// A result is given once and stays.
    private func expectRunning(_ id: EvaluationID) throws {
        guard let evaluation = try state.evaluation(id) else { throw try state.missing(.evaluation(id)) }
        guard evaluation.state == .running else {
            throw CatalogError.refused("evaluation \(id) is \(evaluation.state.rawValue) and cannot end again")
        }
    }

    func apply(_ body: DecisionRecorded, _ entry: Event) throws {
        let decision = body.decision
        try expect(body.id.number, toBe: state.nextDecisionID().number, "decision")
        guard try state.release(decision.release) != nil else { throw try state.missing(.release(decision.release)) }
        try write(
            """
            INSERT INTO decision (number, model, release, channel, outcome, decision, decidedBy, decidedAt, seq)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.id.number, decision.release.model.text, decision.release.number, decision.channel.text,
                decision.outcome.rawValue, jsonColumn(decision), entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
    }
}
