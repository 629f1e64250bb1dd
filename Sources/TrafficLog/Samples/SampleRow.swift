import Foundation
import GRDB
import StrictJSON

/// How a sample is a row.
enum SampleRow {
    /// Adds one sample of `pair` unless it is there.
    ///
    /// - Returns: Whether it was added.
    static func insert(_ pair: SamplePair, _ arm: SamplePair.Arm, into database: Database) throws -> Bool {
        let sample = arm == .baseline ? pair.baseline : pair.candidate
        let metrics = String(decoding: try CanonicalJSON.encode(sample.metrics), as: UTF8.self)
        try database.cachedStatement(
            sql: """
                INSERT INTO sample (position, request, arm, repeat, ranFirst, status, text, error, finish, promptTokens,
                    outputTokens, ttftSeconds, tpotSeconds, totalSeconds, answerScore, answerScoreTokens, metrics)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """
        ).execute(arguments: [
            pair.position, pair.request, arm.rawValue, pair.repetition, pair.first == arm,
            sample.error == nil ? "ok" : "failed", sample.text, sample.error, sample.finish, sample.promptTokens,
            sample.outputTokens, sample.ttftSeconds, sample.tpotSeconds, sample.totalSeconds, sample.answerScore,
            sample.answerScoreTokens, metrics,
        ])
        return database.changesCount == 1
    }

    /// The request whose samples are at the place of `pair`.
    static func request(at pair: SamplePair, in database: Database) throws -> String? {
        try String.fetchOne(
            database.cachedStatement(
                sql: "SELECT request FROM sample WHERE position = ? AND repeat = ? AND arm = 'baseline'"
            ),
            arguments: [pair.position, pair.repetition]
        )
    }

    /// All pairs in the drawn order.
    static func pairs(in database: Database, path: String) throws -> [SamplePair] {
        let cursor = try Row.fetchCursor(
            database,
            sql: """
                SELECT position, request, repeat, arm, ranFirst, text, error, finish, promptTokens, outputTokens,
                    ttftSeconds, tpotSeconds, totalSeconds, answerScore, answerScoreTokens, metrics
                FROM sample ORDER BY position, repeat, arm
                """
        )
        var pairs: [SamplePair] = []
        while let row = try cursor.next() {
            let position: Int = row[0], request: String = row[1], repetition: Int = row[2]
            let ranFirst: Bool = row[4]
            guard row[3] == "baseline" else {
                throw TrafficLogError.damaged(path: path, why: "the baseline's sample at \(position) is missing")
            }
            let baseline = try sample(row)
            guard let other = try cursor.next(), other[0] == position, other[2] == repetition, other[1] == request
            else {
                throw TrafficLogError.damaged(path: path, why: "the candidate's sample at \(position) is missing")
            }
            pairs.append(
                SamplePair(
                    position: position,
                    request: request,
                    repetition: repetition,
                    first: ranFirst ? .baseline : .candidate,
                    baseline: baseline,
                    candidate: try sample(other)
                )
            )
        }
        return pairs
    }

    private static func sample(_ row: Row) throws -> Sample {
        Sample(
            text: row[5],
            error: row[6],
            finish: row[7],
            promptTokens: row[8],
            outputTokens: row[9],
            ttftSeconds: row[10],
            tpotSeconds: row[11],
            totalSeconds: row[12],
            answerScore: row[13],
            answerScoreTokens: row[14],
            metrics: try CanonicalJSON.decode([String: Double].self, from: Data((row[15] as String).utf8))
        )
    }
}
