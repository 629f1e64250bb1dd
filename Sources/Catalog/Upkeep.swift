public import Digests
import GRDB
import RegistryRecords

/// Checking the file, and making its tables again.
extension Catalog {
    /// Events of the log that are in memory at once while it is replayed.
    private static let replayedAtOnce = 1000

    /// Reads the whole log and checks that every event is as it was written.
    ///
    /// - Parameter known: The number of an event that is known to have been written, to notice a log that was cut; the
    ///   events that the projections refer to are known anyway.
    public func verifyChain(known: Int = 0) async throws -> ChainReport {
        try await verifyChain(known: known, after: nil).report
    }

    /// Checks the pages, the indexes and the references of the file, while changes go on.
    public func checkIntegrity() async throws -> IntegrityReport {
        do {
            let synchronous = try await pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
            return try await pool.read { database in
                let dangling = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map { row in
                    "a row of \(row[0] as String? ?? "?") refers to a row of \(row[2] as String? ?? "?") that is not there"
                }
                return IntegrityReport(
                    damage: try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" },
                    dangling: dangling,
                    sqliteVersion: try String.fetchOne(database, sql: "SELECT sqlite_version()") ?? "unknown",
                    synchronous: synchronous ?? -1
                )
            }
        } catch {
            throw CatalogError.translating(error, path: path)
        }
    }

    /// What is wrong with the pages of the file, however large it is; nil when nothing is.
    public func damagedPage() async throws -> String? {
        do {
            return try await lanes.run(.long) {
                try await pool.read { database in
                    let found = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "ok"
                    return found == "ok" ? nil : found
                }
            }
        } catch {
            if case CatalogError.damaged(_, let why) = CatalogError.translating(error, path: path) { return why }
            throw CatalogError.translating(error, path: path)
        }
    }

    /// Every digest that stands in the body of any event, whatever the tables say: more than the blobs that are needed, and
    /// none of them less.
    public func digestsInEvents() async throws -> Set<Digest> {
        try await read { state in
            var found: Set<Digest> = []
            let mark = Array("sha256:".utf8)
            let cursor = try Row.fetchCursor(state.database, sql: "SELECT body FROM event")
            while let row = try cursor.next() {
                let body = Array(try row.text(0).utf8)
                var index = body.startIndex
                while let start = body[index...].firstIndex(of: mark[0]) {
                    index = start + 1
                    guard body[start...].starts(with: mark) else { continue }
                    let end = min(body.endIndex, start + mark.count + 64)
                    if let digest = try? Digest(String(decoding: body[start..<end], as: UTF8.self)) {
                        found.insert(digest)
                    }
                }
            }
            return found
        }
    }

    /// Replays the log beside the file, while changes go on, and compares every table with what comes out, and the rows that
    /// no event says with their digests.
    ///
    /// - Throws: ``CatalogError/damaged(path:why:)`` when an event cannot be replayed.
    public func compareTables() async throws -> TableComparison {
        do {
            let replayed = try ReplayedTables(path: path)
            var last = 0
            while true {
                let first = last + 1
                let entries = try await read(.long) { try $0.events(from: first, to: first + Self.replayedAtOnce - 1) }
                guard let newest = entries.last?.seq else { break }
                try replayed.apply(entries)
                last = newest
            }
            // What was appended meanwhile is read in the same moment as the tables.
            let first = last + 1
            return try await read(.long) { state in
                let head = try state.head().seq
                try replayed.apply(state.events(from: first, to: head))
                return try replayed.read {
                    try TableDifferences(stored: state.database, replayed: $0).comparison(events: head)
                }
            }
        } catch {
            throw CatalogError.translating(error, path: path)
        }
    }

    /// Drops the projections and replays the log, and makes everything else in the file as this build makes it: a trigger that
    /// somebody added would go on with what it does.
    ///
    /// - Throws: ``CatalogError/damaged(path:why:)`` when an event cannot be replayed; the old tables stay then.
    public func rebuild() async throws -> RebuildReport {
        do {
            let differences: [String]
            do { differences = try await compareTables().differences } catch CatalogError.storage(_, let why) {
                differences = ["what differs is not known: \(why)"]
            }
            return try await pool.writeWithoutTransaction { database in
                var report = try self.remakeProjections(database)
                report.differences = differences
                return report
            }
        } catch {
            throw CatalogError.translating(error, path: path)
        }
    }

    func remakeProjections(_ database: Database) throws -> RebuildReport {
        // Foreign keys cannot be switched inside a transaction; they are checked before it ends.
        try database.execute(sql: "PRAGMA foreign_keys = OFF")
        defer { try? database.execute(sql: "PRAGMA foreign_keys = ON") }
        var report = RebuildReport(events: 0, tables: [])
        try database.inTransaction(.immediate) {
            let tables = ProjectionTables(database: database)
            let before = try Dictionary(
                uniqueKeysWithValues: tables.names().map { ($0, try tables.digest(of: $0).digest) }
            )
            let expected = try ReplayedTables(path: path).read {
                (statements: try TableDifferences.statements($0), settings: try TableDifferences.settings($0))
            }
            try tables.dropStrangers(besides: expected.statements)
            try tables.remake()
            let events = try EventLog(database: database, path: path).replay()
            try tables.makeMissing(of: expected.statements)
            try tables.mendRows(expected.settings)
            if try Row.fetchOne(database, sql: "PRAGMA foreign_key_check") != nil {
                throw CatalogError.damaged(path: path, why: "the replayed tables refer to rows that are not there")
            }
            report = RebuildReport(
                events: events,
                tables: try tables.names().map { name in
                    let (digest, rows) = try tables.digest(of: name)
                    return RebuildReport.Table(name: name, rows: rows, before: before[name], after: digest)
                }
            )
            return .commit
        }
        return report
    }

    /// The content of all projections as text: a line per table and per row, equal for equal content.
    public func dump() async throws -> String {
        try await read { state in
            let tables = ProjectionTables(database: state.database)
            var text = ""
            for name in try tables.names() {
                text += "table \(name)\n"
                try tables.forEachLine(of: name) { text += $0 + "\n" }
            }
            return text
        }
    }
}

/// What reading the whole log found.
public struct ChainReport: Hashable, Sendable {
    /// What is wrong with an event.
    public enum Fault: Hashable, Sendable {
        /// Events before it are gone.
        case gap(expected: Int)
        /// It does not continue the event before it.
        case previousDiffers
        /// Its content is not what was hashed.
        case contentChanged
        /// The log ends before an event that is known to have been written.
        case cutOff
        /// Its body cannot be read by this build.
        case unreadable(String)
    }

    /// Events that are as they were written, from the first on.
    public let intact: Int
    /// The hash of the last of them; all zero for none.
    public let head: Digest
    /// The first event that is not, and why; nil when the log is whole.
    public let firstBad: BadEvent?

    /// An event that is not as it was written.
    public struct BadEvent: Hashable, Sendable {
        /// Its number.
        public let seq: Int
        /// What is wrong with it.
        public let fault: Fault
    }

    /// Whether nothing is wrong.
    public var isIntact: Bool { firstBad == nil }
}

extension ChainReport.Fault: CustomStringConvertible {
    /// The fault in words.
    public var description: String {
        switch self {
        case .gap(let expected): "event \(expected) is missing before it"
        case .previousDiffers: "it does not continue the event before it"
        case .contentChanged: "its content is not what was written"
        case .cutOff: "the log ends before it"
        case .unreadable(let why): "its body cannot be read: \(why)"
        }
    }
}

/// What checking the database file found.
public struct IntegrityReport: Hashable, Sendable {
    /// What SQLite says about its pages and indexes; empty when all is well.
    public let damage: [String]
    /// Rows that refer to rows that do not exist, one line each; empty when there are none.
    public let dangling: [String]
    /// The version of the SQLite library.
    public let sqliteVersion: String
    /// 2 when every commit is synced.
    public let synchronous: Int

    /// Whether nothing is wrong.
    public var isIntact: Bool { damage.isEmpty && dangling.isEmpty && synchronous == 2 }
}

/// What dropping and replaying the projections changed: nothing, unless something was wrong.
public struct RebuildReport: Hashable, Sendable {
    /// One table before and after.
    public struct Table: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// Its rows afterwards.
        public let rows: Int
        /// The digest of its content before; nil when it was not there.
        public let before: Digest?
        /// The digest of its content afterwards.
        public let after: Digest

        /// Whether replaying gave the same bytes.
        public var isEqual: Bool { before == after }
    }

    /// Events that were replayed.
    public let events: Int
    /// The tables, by name.
    public let tables: [Table]
    /// What differed from what the log says, row by row, before.
    public internal(set) var differences: [String] = []

    /// Whether replaying gave the same bytes in every table.
    public var isEqual: Bool { tables.allSatisfy(\.isEqual) }
}
