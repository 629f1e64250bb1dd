import Foundation
import GRDB
import RegistryTypes

/// The rows of one day.
extension DayFile {
    func list(
        _ filter: TrafficFilter,
        before: (time: Timestamp, id: RequestID)?,
        limit: Int
    ) async throws -> [StoredRequest] {
        var (condition, arguments) = RequestTable.condition(filter)
        if let before {
            condition += " AND (time, id) < (?, ?)"
            arguments += [before.time.milliseconds, before.id.text]
        }
        let sql = "SELECT \(RequestTable.columns) FROM request WHERE \(condition) ORDER BY time DESC, id DESC LIMIT ?"
        let day = day
        return try await read { [arguments = arguments + [limit]] database in
            try RequestTable.requests(Row.fetchCursor(database, sql: sql, arguments: arguments), day: day)
        }
    }

    func count(_ filter: TrafficFilter) async throws -> Int {
        let (condition, arguments) = RequestTable.condition(filter)
        return try await read { database in
            try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM request WHERE \(condition)",
                arguments: arguments
            ) ?? 0
        }
    }

    func models(_ filter: TrafficFilter) async throws -> [Name] {
        let (condition, arguments) = RequestTable.condition(filter)
        return try await read { database in
            try String.fetchAll(
                database,
                sql: "SELECT DISTINCT model FROM request WHERE \(condition)",
                arguments: arguments
            ).map { try Name($0) }
        }
    }

    func scan(_ filter: TrafficFilter, after sequence: Int64, limit: Int) async throws -> [StoredRequest] {
        let (condition, arguments) = RequestTable.condition(filter)
        let sql = "SELECT \(RequestTable.columns) FROM request WHERE seq > ? AND \(condition) ORDER BY seq LIMIT ?"
        let day = day
        return try await read { [arguments = [sequence] + arguments + [limit]] database in
            try RequestTable.requests(Row.fetchCursor(database, sql: sql, arguments: arguments), day: day)
        }
    }

    func request(_ id: RequestID) async throws -> StoredRequest? {
        let day = day
        return try await read { database in
            let sql = "SELECT \(RequestTable.columns) FROM request WHERE id = ?"
            let rows = try Row.fetchCursor(database, sql: sql, arguments: [id.text])
            return try RequestTable.requests(rows, day: day).first
        }
    }

    // MARK: Labels

    /// The labels of a row, newest first.
    func labels(of sequence: Int64, id: RequestID) async throws -> [RequestLabel] {
        try await read { try Self.labels(of: sequence, id: id, in: $0) }
    }

    private static func labels(of sequence: Int64, id: RequestID, in database: Database) throws -> [RequestLabel] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT isCorrect, isLiked, correction, comment, key, at FROM label WHERE request = ?
                ORDER BY at DESC, seq DESC
                """,
            arguments: [sequence]
        ).map { row in
            RequestLabel(
                request: id,
                isCorrect: row[0],
                isLiked: row[1],
                correction: row[2],
                comment: row[3],
                by: try Name(row[4] as String),
                at: Timestamp(milliseconds: row[5])
            )
        }
    }

    /// Adds a label to a row and works out anew what the labels say together; before and after, of labels that come at
    /// the same time each sees the one before it.
    func add(
        _ label: RequestLabel,
        to sequence: Int64
    ) async throws -> (before: LabelState, after: LabelState) {
        try await write { database in
            let before = LabelState(try Self.labels(of: sequence, id: label.request, in: database))
            try database.execute(
                sql: """
                    INSERT INTO label (request, key, at, isCorrect, isLiked, correction, comment)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    sequence, label.by.text, label.at.milliseconds, label.isCorrect, label.isLiked, label.correction,
                    label.comment,
                ]
            )
            let state = LabelState(try Self.labels(of: sequence, id: label.request, in: database))
            try database.execute(
                sql: "UPDATE request SET isCorrect = ?, isLiked = ?, correction = ? WHERE seq = ?",
                arguments: [state.isCorrect, state.isLiked, state.correction, sequence]
            )
            if before.isLabelled != state.isLabelled {
                try database.execute(
                    sql: "UPDATE tally SET labelled = labelled + ?",
                    arguments: [state.isLabelled ? 1 : -1]
                )
            }
            return (before, state)
        }
    }
}

extension LabelState {
    /// What `labels`, newest first, say together.
    init(_ labels: [RequestLabel]) {
        self.init(
            isCorrect: labels.lazy.compactMap(\.isCorrect).first,
            isLiked: labels.lazy.compactMap(\.isLiked).first,
            correction: labels.lazy.compactMap(\.correction).first
        )
    }
}
