import Foundation
import GRDB
import RegistryTypes
import StrictJSON

/// How a captured request is a row.
enum RequestTable {
    /// Where the texts of a request are.
    struct Place {
        let start: Int64
        let bytes: Int
        let line: Int
    }

    /// Adds a request unless it is there.
    ///
    /// - Returns: Whether it was added.
    static func insert(_ request: CapturedRequest, _ state: BodyState, _ place: Place?, into database: Database) throws
        -> Bool
    {
        let record = request.record
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO request (id, time, model, asked, channel, release, version, promptName, promptVersion, arm,
                    source, key, unit, isStreamed, outcome, status, finish, promptTokens, outputTokens, queueSeconds,
                    firstTokenSeconds, perTokenSeconds, longestGapSeconds, totalSeconds, isOutputValid,
                    meanLogProbability, seed, capture, body, blockStart, blockBytes, blockLine, redaction, descriptors,
                    changesRelease, isCutByRequest, terms, reason)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                    ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """
        )
        try statement.execute(arguments: [
            record.id.text, record.time.milliseconds, record.model.text, record.asked, record.channel?.text,
            record.release, record.version, record.prompt.name.text, record.prompt.number, record.arm.rawValue,
            record.source.rawValue, record.key.text, record.unit, record.isStreamed, record.outcome.rawValue,
            record.status, record.finish, count(record.promptTokens), count(record.outputTokens),
            seconds(record.queueSeconds), seconds(record.firstTokenSeconds), seconds(record.perTokenSeconds),
            seconds(record.longestGapSeconds), seconds(record.totalSeconds) ?? 0, record.isOutputValid,
            record.meanLogProbability.flatMap { $0.isFinite ? $0 : nil }, Int64(bitPattern: record.seed),
            record.capture.rawValue, state.rawValue, place?.start, place?.bytes, place?.line,
            place == nil ? nil : Redaction.version, request.descriptors,
            record.changesRelease, record.isCutByRequest,
            try record.terms.map { String(decoding: try CanonicalJSON.encode($0), as: UTF8.self) },
            record.reason,
        ])
        return database.changesCount == 1
    }

    /// Time that ran backwards and numbers that are none are not known.
    private static func seconds(_ value: Double?) -> Double? {
        value.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    }

    private static func count(_ value: Int?) -> Int? { value.flatMap { $0 >= 0 ? $0 : nil } }

    /// The columns that ``requests(_:day:)`` reads.
    static let columns = """
        seq, id, time, model, asked, channel, release, version, promptName, promptVersion, arm, source, key, unit,
        isStreamed, outcome, status, finish, promptTokens, outputTokens, queueSeconds, firstTokenSeconds,
        perTokenSeconds, longestGapSeconds, totalSeconds, isOutputValid, meanLogProbability, seed, capture, body,
        isCorrect, isLiked, correction, descriptors, changesRelease, countedCorrect, countedLiked, countedCorrection,
        isCutByRequest, terms, reason
        """

    /// The names of the row before: rows of one day rarely change them, and reading one anew checks its bytes.
    struct Names {
        private var last: [Int: Name] = [:]

        mutating func name(_ text: String, _ column: Int) throws -> Name {
            if let name = last[column], name.text == text { return name }
            let name = try Name(text)
            last[column] = name
            return name
        }
    }

    /// The requests of rows of ``columns``, in their order.
    static func requests(_ rows: RowCursor, day: TrafficDay) throws -> [StoredRequest] {
        var names = Names()
        var requests: [StoredRequest] = []
        while let row = try rows.next() { requests.append(try request(row, day: day, &names)) }
        return requests
    }

    private static func request(_ row: Row, day: TrafficDay, _ names: inout Names) throws -> StoredRequest {
        func word<Word: RawRepresentable>(_ type: Word.Type, _ index: Int) throws -> Word
        where Word.RawValue == String {
            let text: String = row[index]
            guard let word = Word(rawValue: text) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "no \(Word.self) is called \(text)")
            }
            return word
        }
        let channel: String? = row[5], terms: String? = row[39]
        let record = RequestRecord(
            id: try RequestID(row[1] as String),
            time: Timestamp(milliseconds: row[2]),
            model: try names.name(row[3], 3),
            asked: row[4],
            channel: try channel.map { try names.name($0, 5) },
            release: row[6],
            version: row[7],
            prompt: VersionID(try names.name(row[8], 8), row[9]),
            arm: try word(TrafficArm.self, 10),
            source: try word(RequestSource.self, 11),
            key: try names.name(row[12], 12),
            unit: row[13],
            isStreamed: row[14],
            outcome: try word(RequestOutcome.self, 15),
            status: row[16],
            finish: row[17],
            promptTokens: row[18],
            outputTokens: row[19],
            queueSeconds: row[20],
            firstTokenSeconds: row[21],
            perTokenSeconds: row[22],
            longestGapSeconds: row[23],
            totalSeconds: row[24],
            isOutputValid: row[25],
            changesRelease: row[34],
            isCutByRequest: row[38],
            meanLogProbability: row[26],
            seed: UInt64(bitPattern: row[27] as Int64),
            capture: try word(CapturePolicy.self, 28),
            terms: try terms.map { try CanonicalJSON.decode(RequestTerms.self, from: Data($0.utf8)) },
            reason: row[40]
        )
        return StoredRequest(
            record: record,
            label: LabelState(isCorrect: row[30], isLiked: row[31], correction: row[32]),
            counted: LabelState(isCorrect: row[35], isLiked: row[36], correction: row[37]),
            body: try word(BodyState.self, 29),
            descriptors: row[33],
            day: day,
            sequence: row[0]
        )
    }

    /// The condition and the arguments of a filter, for `WHERE`.
    static func condition(_ filter: TrafficFilter) -> (sql: String, arguments: StatementArguments) {
        var clauses: [String] = []
        var arguments: StatementArguments = []
        func add(_ clause: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            clauses.append(clause)
            arguments += [value]
        }
        add("time >= ?", filter.since?.milliseconds)
        add("time < ?", filter.until?.milliseconds)
        add("model = ?", filter.model?.text)
        add("release = ?", filter.release)
        add("version = ?", filter.version)
        add("channel = ?", filter.channel?.text)
        add("arm = ?", filter.arm?.rawValue)
        add("source = ?", filter.source?.rawValue)
        add("outcome = ?", filter.outcome?.rawValue)
        add("key = ?", filter.key?.text)
        add("(isCorrect IS NOT NULL OR isLiked IS NOT NULL OR correction IS NOT NULL) = ?", filter.isLabelled)
        add("isCorrect = ?", filter.isCorrect)
        add("isLiked = ?", filter.isLiked)
        add("isOutputValid = ?", filter.isOutputValid)
        return (clauses.isEmpty ? "TRUE" : clauses.joined(separator: " AND "), arguments)
    }
}
