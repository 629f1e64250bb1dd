import Foundation
import GRDB
import RegistryTypes
import SQLiteFiles
import Synchronization

/// The files of one day: rows in a database, texts in a segment beside it.
final class DayFile: Sendable {
    let day: TrafficDay
    let path: String
    let pool: DatabasePool
    let segment: SegmentFile
    private let inode: UInt64
    private let isRepaired = Mutex(false)
    /// Which labels count; nil until they were read.
    let sources = Mutex<LabelSources?>(nil)

    /// The most bytes of the texts of one request.
    static let bodyLimitBytes = 1 << 20
    /// A block is closed when it has so many bytes, however few requests it holds.
    private static let blockBytes = 4 << 20
    private static let tables = [
        "traffic/001_requests.sql", "traffic/002_own_settings.sql", "traffic/003_labels_that_count.sql",
        "traffic/004_terms.sql",
    ]

    /// Opens the files of `day`, made when there are none.
    init(folder: String, day: TrafficDay) throws {
        self.day = day
        path = "\(folder)/\(day).db"
        do {
            // A label that was acknowledged must not be lost.
            let migrations = try Self.tables.map { try SQLiteFile.Migration(named: $0) }
            pool = try SQLiteFile.open(path, migrations: migrations, durability: .everyCommit)
        } catch {
            throw TrafficLogError.ofLog(error, path)
        }
        segment = try SegmentFile(path: "\(folder)/\(day).seg")
        inode = Self.inode(of: path)
    }

    /// Whether the file is still where it was opened: nobody moved or removed it.
    var isInPlace: Bool { Self.inode(of: path) == inode }

    private static func inode(of path: String) -> UInt64 {
        var facts = stat()
        return stat(path, &facts) == 0 ? UInt64(facts.st_ino) : 0
    }

    // MARK: Writing

    /// A request with what is to be written of its texts.
    private struct Prepared {
        let request: CapturedRequest
        let state: BodyState
        /// The block, from 0 on within the batch, and the line in it.
        let place: (block: Int, line: Int)?
    }

    /// Stores requests in one transaction: their texts first, then the rows that name them.
    ///
    /// - Returns: How many were new, and the place of the last row of the file.
    func append(_ batch: [CapturedRequest], failpoint: @escaping @Sendable (String) -> Void) async throws
        -> (stored: Int, last: Int64)
    {
        let (prepared, blocks) = try Self.prepare(batch)
        return try await write { database in
            try self.repair(database)
            let size = try self.segment.size()
            do {
                var starts: [Int64] = []
                for block in blocks { starts.append(try self.segment.append(block)) }
                if !blocks.isEmpty { failpoint("capture.blockWritten") }
                var stored = 0
                var texts = 0
                for item in prepared {
                    let place = item.place.map {
                        RequestTable.Place(start: starts[$0.block], bytes: blocks[$0.block].count, line: $0.line)
                    }
                    guard try RequestTable.insert(item.request, item.state, place, into: database) else { continue }
                    stored += 1
                    if place != nil { texts += 1 }
                }
                try database.execute(
                    sql: "UPDATE tally SET requests = requests + ?, texts = texts + ?",
                    arguments: [stored, texts]
                )
                failpoint("capture.rowsWritten")
                return (stored, try Int64.fetchOne(database, sql: "SELECT max(seq) FROM request") ?? 0)
            } catch {
                // The rows are rolled back; nobody will name these blocks.
                try? self.segment.cut(to: size)
                throw error
            }
        }
    }

    private static func prepare(_ batch: [CapturedRequest]) throws -> (prepared: [Prepared], blocks: [[UInt8]]) {
        var prepared: [Prepared] = []
        var blocks: [[UInt8]] = []
        var lines: [[UInt8]] = []
        var bytes = 0
        func close() throws {
            guard !lines.isEmpty else { return }
            guard let block = SegmentBlock.encode(lines) else {
                throw TrafficLogError.storage(path: "segment", why: "zlib has no memory")
            }
            blocks.append(block)
            lines = []
            bytes = 0
        }
        for request in batch {
            guard request.record.capture == .redacted, !request.isTooLarge else {
                let state: BodyState = request.isTooLarge ? .tooLarge : .none
                prepared.append(Prepared(request: request, state: state, place: nil))
                continue
            }
            guard let body = request.body else {
                prepared.append(Prepared(request: request, state: .none, place: nil))
                continue
            }
            let line = try BodyLine.encode(request.record.id, body)
            guard line.count <= bodyLimitBytes else {
                prepared.append(Prepared(request: request, state: .tooLarge, place: nil))
                continue
            }
            let state: BodyState = body.body.variables.isEmpty ? .messages : .variables
            prepared.append(Prepared(request: request, state: state, place: (blocks.count, lines.count)))
            lines.append(line)
            bytes += line.count
            if lines.count == SegmentBlock.capacity || bytes >= blockBytes { try close() }
        }
        try close()
        return (prepared, blocks)
    }

    /// Takes off what a crash left behind the last whole block, and says of rows whose block is gone that their texts
    /// are lost: a later block in its place must not be taken for it.
    private func repair(_ database: Database) throws {
        guard !isRepaired.withLock({ $0 }) else { return }
        var end: Int64 = 0
        var torn: Int64?
        // Later rows name later blocks, so the last whole block is found from the end.
        let blocks = try Row.fetchCursor(
            database,
            sql: "SELECT blockStart, blockBytes FROM request WHERE blockStart IS NOT NULL ORDER BY seq DESC"
        )
        while let row = try blocks.next() {
            let start: Int64 = row[0]
            let bytes: Int = row[1]
            if start == torn { continue }
            if let block = try segment.read(at: start, count: bytes), SegmentBlock.isIntact(block) {
                end = start + Int64(bytes)
                break
            }
            torn = start
        }
        if torn != nil {
            try database.execute(
                sql: """
                    UPDATE request SET body = 'lost', blockStart = NULL, blockBytes = NULL, blockLine = NULL
                    WHERE blockStart >= ?
                    """,
                arguments: [end]
            )
            try database.execute(
                sql: "UPDATE tally SET texts = texts - ?",
                arguments: [database.changesCount]
            )
        }
        if try segment.size() > end { try segment.cut(to: end) }
        isRepaired.withLock { $0 = true }
    }

    // MARK: Reading

    /// How the day stands.
    struct Tally {
        var requests = 0
        var withTexts = 0
        var labelled = 0
        var newest: Timestamp?
    }

    func tally() async throws -> Tally {
        try await read { database in
            let row = try Row.fetchOne(
                database,
                sql: "SELECT requests, texts, labelled, (SELECT max(time) FROM request) FROM tally"
            )
            let newest: Int64? = row?[3]
            return Tally(
                requests: row?[0] ?? 0,
                withTexts: row?[1] ?? 0,
                labelled: row?[2] ?? 0,
                newest: newest.map { Timestamp(milliseconds: $0) }
            )
        }
    }

    /// The texts of requests by their place in this file; where they cannot be read, why. Each block is read once.
    func bodies(_ sequences: [Int64]) async throws -> [Int64: Result<BodyLine, BodyProblem>] {
        let places = try await read { database in
            var places: [(seq: Int64, id: String, place: RequestTable.Place)] = []
            let statement = try database.cachedStatement(
                sql: """
                    SELECT id, blockStart, blockBytes, blockLine FROM request
                    WHERE seq = ? AND blockStart IS NOT NULL
                    """
            )
            for sequence in sequences {
                guard let row = try Row.fetchOne(statement, arguments: [sequence]) else { continue }
                places.append((sequence, row[0], RequestTable.Place(start: row[1], bytes: row[2], line: row[3])))
            }
            return places
        }
        var found: [Int64: Result<BodyLine, BodyProblem>] = [:]
        var current: (start: Int64, lines: [ArraySlice<UInt8>]?)?
        for item in places.sorted(by: { ($0.place.start, $0.place.line) < ($1.place.start, $1.place.line) }) {
            if current?.start != item.place.start {
                let block = try segment.read(at: item.place.start, count: item.place.bytes)
                current = (item.place.start, block.flatMap(SegmentBlock.lines))
            }
            guard let lines = current?.lines else {
                found[item.seq] = .failure(BodyProblem(why: "its block in \(day).seg is damaged"))
                continue
            }
            guard item.place.line < lines.count, let line = try? BodyLine(lines[item.place.line]),
                line.id.text == item.id
            else {
                found[item.seq] = .failure(BodyProblem(why: "its line in \(day).seg is that of another request"))
                continue
            }
            found[item.seq] = .success(line)
        }
        return found
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await pool.read(body) } catch { throw TrafficLogError.ofLog(error, path) }
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await pool.write(body) } catch { throw TrafficLogError.ofLog(error, path) }
    }
}
