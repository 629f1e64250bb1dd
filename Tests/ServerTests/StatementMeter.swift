import GRDBSQLite
import Synchronization

/// What the statements of a database file cost: the steps of SQLite's own machine, which are the same on every computer and
/// at every load. A statement that reads a row takes some, so that they grow with the rows that are read.
final class StatementMeter: Sendable {
    /// What was counted.
    struct Cost: Hashable, Sendable {
        /// Statements that ended.
        var statements = 0
        /// Steps that they took.
        var steps = 0
        /// Rows that were stepped over because no index said which are meant.
        var scanned = 0
    }

    private static let costs = Mutex<[String: Cost]>([:])
    /// Watches every file that is opened from now on; costs nothing for those that nobody asks about.
    private static let isWatching: Bool = {
        typealias Entry =
            @convention(c) (OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, OpaquePointer?) -> CInt
        let entry: Entry = { database, _, _ in
            sqlite3_trace_v2(database, UInt32(SQLITE_TRACE_PROFILE), StatementMeter.profile, nil)
        }
        return sqlite3_auto_extension(unsafeBitCast(entry, to: (@convention(c) () -> Void).self)) == SQLITE_OK
    }()

    private static let profile:
        @convention(c) (
            UInt32, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?
        ) -> CInt = { _, _, pointer, _ in
            guard let pointer else { return 0 }
            let statement = OpaquePointer(pointer)
            guard let name = sqlite3_db_filename(sqlite3_db_handle(statement), "main") else { return 0 }
            let path = String(cString: name)
            StatementMeter.costs.withLock { costs in
                guard var cost = costs[path] else { return }
                cost.statements += 1
                cost.steps += Int(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1))
                cost.scanned += Int(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1))
                costs[path] = cost
            }
            return 0
        }

    private let path: String

    /// Counts for the file at `path`, which must not be open yet; nil where this SQLite cannot be watched.
    init?(path: String) {
        guard Self.isWatching else { return nil }
        self.path = path
        Self.costs.withLock { $0[path] = Cost() }
    }

    deinit { Self.costs.withLock { $0[path] = nil } }

    /// What was counted since the last time.
    func take() -> Cost {
        Self.costs.withLock { costs in
            defer { costs[path] = Cost() }
            return costs[path] ?? Cost()
        }
    }
}
