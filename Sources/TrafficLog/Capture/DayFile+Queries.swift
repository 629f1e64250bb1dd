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
}
