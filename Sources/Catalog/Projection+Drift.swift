import GRDB
import RegistryRecords
import RegistryTypes

extension Projection {
    func apply(_ body: DriftBaselineSet, _ entry: Event) throws {
        try expect(body.id.number, toBe: state.nextBaselineID().number, "baseline")
        guard try state.hasModel(body.model) else { throw try state.missing(.model(body.model)) }
        if let number = body.release {
            let release = ReleaseID(body.model, number)
            guard try state.release(release) != nil else { throw try state.missing(.release(release)) }
        }
        try addBlob(body.reference, sizeBytes: body.referenceSizeBytes, entry)
        try write(
            """
            INSERT INTO driftBaseline (number, model, channel, how, windowFrom, windowTo, requests, release, referenceModel,
                reference, reason, setBy, setAt, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.id.number, body.model.text, body.channel?.text, body.how.rawValue, body.window.from.milliseconds,
                body.window.to.milliseconds, body.window.requests, body.release, body.referenceModel?.column,
                body.reference.column, body.reason, entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
    }

    func apply(_ body: DriftReported, _ entry: Event) throws {
        try expect(body.id.number, toBe: state.nextDriftID().number, "drift report")
        guard let baseline = try state.baseline(body.baseline) else {
            throw try state.missing(.baseline(body.baseline))
        }
        guard baseline.model == body.model else {
            throw CatalogError.refused("baseline \(body.baseline) is one of \(baseline.model), not of \(body.model)")
        }
        try addBlob(body.evidence, sizeBytes: body.evidenceSizeBytes, entry)
        try write(
            """
            INSERT INTO drift (number, model, channel, baseline, windowFrom, windowTo, requests, verdict, sentence,
                leading, moved, evidence, askedBy, askedAt, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.id.number, body.model.text, body.channel?.text, body.baseline.number,
                body.window.from.milliseconds, body.window.to.milliseconds, body.window.requests, body.verdict.rawValue,
                body.sentence, body.leading, jsonColumn(body.moved), body.evidence.column, entry.actor,
                entry.time.milliseconds, entry.seq,
            ]
        )
    }
}
