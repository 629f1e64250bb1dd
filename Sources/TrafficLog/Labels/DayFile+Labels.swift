import GRDB
import RegistryTypes
import Synchronization

/// What is said of the requests of one day.
extension DayFile {
    /// A label as it is stored.
    private struct Stored {
        let label: RequestLabel
        let isOfRole: Bool
        let correctCounted: Int64?
        let likedCounted: Int64?
    }

    /// The most labels of one request by one key: all of them are read when another one comes.
    static let maxLabelsOfKey = 32

    /// The labels of a row, newest first.
    func labels(of sequence: Int64, id: RequestID) async throws -> [RequestLabel] {
        try await read { try Self.labels(of: sequence, id: id, in: $0).map(\.label) }
    }

    private static func labels(of sequence: Int64, id: RequestID, in database: Database) throws -> [Stored] {
        try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT isCorrect, isLiked, correction, comment, key, at, isOfRole, correctCounted, likedCounted
                    FROM label WHERE request = ? ORDER BY at DESC, seq DESC
                    """
            ),
            arguments: [sequence]
        ).map { row in
            Stored(
                label: RequestLabel(
                    request: id,
                    isCorrect: row[0],
                    isLiked: row[1],
                    correction: row[2],
                    comment: row[3],
                    by: try Name(row[4] as String),
                    at: Timestamp(milliseconds: row[5])
                ),
                isOfRole: row[6],
                correctCounted: row[7],
                likedCounted: row[8]
            )
        }
    }

    /// Adds a label to a row, finds which labels count now, and works out anew what the labels say together; before and
    /// after, of labels that come at the same time each sees the one before it.
    ///
    /// - Parameter nextCount: A time to count at, ms since 1970, each later than the one before.
    func add(
        _ label: RequestLabel,
        isOfRole: Bool,
        to request: StoredRequest,
        nextCount: @escaping @Sendable () -> Int64
    ) async throws -> LabelChange {
        do {
            return try await write { database in
                let said = try Self.labels(of: request.sequence, id: label.request, in: database)
                guard said.count(where: { $0.label.by == label.by }) < Self.maxLabelsOfKey else {
                    throw TrafficLogError.tooManyLabels(label.request, of: label.by, limit: Self.maxLabelsOfKey)
                }
                let before = LabelState(said.map { ($0.label, $0.isOfRole) })
                // Taken out, so that nothing is copied; put back when all of it went well.
                var sources = try self.sources.withLock { $0.take() } ?? Self.sources(in: database)
                let place = try Self.insert(label, isOfRole: isOfRole, to: request.sequence, in: database)
                var counted: [CountedLabel] = []
                var waiting: [LabelWait: Int] = [:]
                for (question, answer) in [(LabelSources.Question.correct, label.isCorrect), (.liked, label.isLiked)] {
                    guard let answer, request.record.isJudged else { continue }
                    let statement = LabelSources.Statement(question, request.record)
                    let waited = sources.waiting(statement)
                    let word = LabelSources.Word(label: place, request: request.sequence, isBad: !answer)
                    var words: [LabelSources.Word] = []
                    if !isOfRole {
                        sources.take(word, of: statement, by: label.by)
                        words = sources.release(statement)
                    } else if !sources.hasCounted(question, request: request.sequence) {
                        sources.settle(statement, request: request.sequence)
                        words = [word]
                    }
                    counted += try self.count(words, question, nextCount, in: database)
                    waiting[LabelWait(statement)] = sources.waiting(statement) - waited
                }
                let after = try Self.restate(request.sequence, label.request, in: database)
                if before.isLabelled != after.isLabelled {
                    try database.execute(
                        sql: "UPDATE tally SET labelled = labelled + ?",
                        arguments: [after.isLabelled ? 1 : -1]
                    )
                }
                self.sources.withLock { $0 = sources }
                return LabelChange(
                    record: request.record,
                    before: before,
                    after: after,
                    counted: counted,
                    waiting: waiting.filter { $0.value != 0 }
                )
            }
        } catch {
            // What was found may not be on disk.
            sources.withLock { $0 = nil }
            throw error
        }
    }

    /// The place of a new label.
    private static func insert(
        _ label: RequestLabel,
        isOfRole: Bool,
        to sequence: Int64,
        in database: Database
    ) throws -> Int64 {
        try database.execute(
            sql: """
                INSERT INTO label (request, key, at, isCorrect, isLiked, correction, comment, isOfRole)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                sequence, label.by.text, label.at.milliseconds, label.isCorrect, label.isLiked, label.correction,
                label.comment, isOfRole,
            ]
        )
        return database.lastInsertedRowID
    }

    /// Notes that words count.
    private func count(
        _ words: [LabelSources.Word],
        _ question: LabelSources.Question,
        _ nextCount: () -> Int64,
        in database: Database
    ) throws -> [CountedLabel] {
        let column = question.column
        return try words.compactMap { word in
            let time = nextCount()
            try database.execute(
                sql: "UPDATE label SET \(column) = ? WHERE seq = ?",
                arguments: [time, word.label]
            )
            let rows = try Row.fetchCursor(
                database,
                sql: "SELECT \(RequestTable.columns) FROM request WHERE seq = ?",
                arguments: [word.request]
            )
            guard let request = try RequestTable.requests(rows, day: day).first else { return nil }
            _ = try Self.restate(word.request, request.record.id, in: database)
            let key = try String.fetchOne(database, sql: "SELECT key FROM label WHERE seq = ?", arguments: [word.label])
            return try key.map {
                CountedLabel(question, isBad: word.isBad, of: request.record, by: try Name($0), at: time)
            }
        }
    }

    /// Works out what the labels of a row say together, and what of it counts.
    private static func restate(_ sequence: Int64, _ id: RequestID, in database: Database) throws -> LabelState {
        let labels = try labels(of: sequence, id: id, in: database)
        let state = LabelState(labels.map { ($0.label, $0.isOfRole) })
        let counted = LabelState(
            labels.map { stored in
                let label = RequestLabel(
                    request: id,
                    isCorrect: stored.isOfRole || stored.correctCounted != nil ? stored.label.isCorrect : nil,
                    isLiked: stored.isOfRole || stored.likedCounted != nil ? stored.label.isLiked : nil,
                    // What a caller would rather have heard is no measure of what others hear.
                    correction: stored.isOfRole ? stored.label.correction : nil,
                    by: stored.label.by,
                    at: stored.label.at
                )
                return (label, stored.isOfRole)
            }
        )
        try database.execute(
            sql: """
                UPDATE request SET isCorrect = ?, isLiked = ?, correction = ?, countedCorrect = ?, countedLiked = ?,
                    countedCorrection = ? WHERE seq = ?
                """,
            arguments: [
                state.isCorrect, state.isLiked, state.correction, counted.isCorrect, counted.isLiked,
                counted.correction, sequence,
            ]
        )
        return state
    }

    // MARK: Read again

    /// Which labels count, as the file has it.
    private static func sources(in database: Database) throws -> LabelSources {
        var sources = LabelSources()
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT label.seq, label.request, label.key, isOfRole, label.isCorrect, label.isLiked, correctCounted,
                    likedCounted, model, channel, release, arm
                FROM label JOIN request ON request.seq = label.request
                WHERE source = 'user' AND outcome = 'answered' AND coalesce(changesRelease, 0) = 0
                    AND coalesce(isCutByRequest, 0) = 0
                ORDER BY label.seq
                """
        )
        while let row = try rows.next() {
            guard let arm = TrafficArm(rawValue: row[11]) else { continue }
            for (question, answer, counted) in [
                (LabelSources.Question.correct, row[4] as Bool?, row[6] as Int64?),
                (.liked, row[5] as Bool?, row[7] as Int64?),
            ] {
                guard let answer else { continue }
                let statement = LabelSources.Statement(
                    question: question,
                    model: try Name(row[8] as String),
                    channel: try (row[9] as String?).map { try Name($0) },
                    release: row[10],
                    arm: arm
                )
                let word = LabelSources.Word(label: row[0], request: row[1], isBad: !answer)
                if row[3] {
                    sources.settle(statement, request: word.request)
                } else {
                    sources.take(word, of: statement, by: try Name(row[2] as String), hasCounted: counted != nil)
                }
            }
        }
        return sources
    }

    /// The labels that counted later than `time`, in that order, and how many wait.
    func labels(countedAfter time: Int64) async throws -> (counted: [CountedLabel], waiting: [LabelWait: Int]) {
        let day = day
        return try await read { database in
            var counted: [CountedLabel] = []
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT request, key, isCorrect, isLiked, correctCounted, likedCounted FROM label
                    WHERE max(coalesce(correctCounted, 0), coalesce(likedCounted, 0)) > ?
                    """,
                arguments: [time]
            )
            for row in rows {
                let requests = try Row.fetchCursor(
                    database,
                    sql: "SELECT \(RequestTable.columns) FROM request WHERE seq = ?",
                    arguments: [row[0] as Int64]
                )
                guard let record = try RequestTable.requests(requests, day: day).first?.record else { continue }
                let key = try Name(row[1] as String)
                for (question, answer, at) in [
                    (LabelSources.Question.correct, row[2] as Bool?, row[4] as Int64?),
                    (.liked, row[3] as Bool?, row[5] as Int64?),
                ] {
                    guard let answer, let at, at > time else { continue }
                    counted.append(CountedLabel(question, isBad: !answer, of: record, by: key, at: at))
                }
            }
            let sources = try Self.sources(in: database)
            var waiting: [LabelWait: Int] = [:]
            for statement in sources.statements {
                waiting[LabelWait(statement), default: 0] += sources.waiting(statement)
            }
            return (counted.sorted { $0.count < $1.count }, waiting.filter { $0.value > 0 })
        }
    }
}

extension LabelSources.Question {
    /// The column of a label that says when its word counted.
    fileprivate var column: String {
        switch self {
        case .correct: "correctCounted"
        case .liked: "likedCounted"
        }
    }
}

extension LabelSources.Statement {
    init(_ question: LabelSources.Question, _ record: RequestRecord) {
        self.init(
            question: question,
            model: record.model,
            channel: record.channel,
            release: record.release,
            arm: record.arm
        )
    }
}

extension RequestRecord {
    /// Whether what is said of the answer counts for anything: it is an application's, and the release's own.
    fileprivate var isJudged: Bool { source == .user && showsRelease }
}
