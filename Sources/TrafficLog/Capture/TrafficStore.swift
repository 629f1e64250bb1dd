import Foundation
import RegistryTypes
import SQLiteFiles
import Synchronization

/// The captured requests, in files by day: `2026-11-21.db` holds what is known of each request, `2026-11-21.seg` the
/// redacted texts. A day is dropped by removing its files.
///
/// A request belongs to the day on which it ended by the server's clock; a clock that steps only opens another file.
public final class TrafficStore: Sendable {
    /// The folder of the files.
    public let folder: String
    private let files = Mutex<[TrafficDay: DayFile]>([:])
    private let known = Mutex<[TrafficDay: (stamp: FileStamp, facts: DayFacts)]>([:])
    private let failpoint: @Sendable (String) -> Void
    private let aside = Mutex<[String]>([])
    /// The last time at which a label counted, ms since 1970.
    private let lastCount = Mutex<Int64>(0)

    /// The most days whose files are kept open.
    private static let openDays = 4

    /// Opens the folder, made when there is none.
    ///
    /// - Parameter failpoint: Called with `capture.blockWritten` when texts are written and their rows are not, and
    ///   with `capture.rowsWritten` before the commit.
    /// - Throws: ``TrafficLogError/unreadable(path:why:)``.
    public init(
        folder: String,
        failpoint: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(TrafficLogError) {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw .unreadable(path: folder, why: String(cString: strerror(errno)))
        }
        self.folder = folder
        self.failpoint = failpoint
    }

    // MARK: Writing

    /// Stores requests, those of one day in one transaction; one that is there already is left as it is.
    ///
    /// - Returns: How many were new, and for each day touched the place of its last row.
    /// - Throws: ``TrafficLogError``: ``TrafficLogError/noRoom(path:)`` when the disk is full; nothing of that day's
    ///   requests is kept then.
    @discardableResult
    public func append(_ batch: [CapturedRequest]) async throws -> (stored: Int, last: [TrafficDay: Int64]) {
        var stored = 0
        var last: [TrafficDay: Int64] = [:]
        for (day, requests) in Dictionary(grouping: batch, by: { TrafficDay($0.record.time) }).sorted(by: {
            $0.key < $1.key
        }) {
            try requireRoom()
            let result = try await append(requests, on: day)
            stored += result.stored
            last[day] = result.last
        }
        return (stored, last)
    }

    /// Stores requests of one day; where its file cannot be read any more, in a new one in its place.
    private func append(_ requests: [CapturedRequest], on day: TrafficDay) async throws -> (stored: Int, last: Int64) {
        do {
            return try await file(of: day).append(requests, failpoint: failpoint)
        } catch let error as TrafficLogError where error.isDamage {
            try setAside(day)
            return try await file(of: day).append(requests, failpoint: failpoint)
        }
    }

    /// The last part of the disk, up to 64 MiB, is not for captured requests: the log must still be written.
    private func requireRoom() throws {
        var facts = statvfs()
        guard statvfs(folder, &facts) == 0 else { return }
        let block = Int64(facts.f_frsize), total = Int64(facts.f_blocks) * block
        guard Int64(facts.f_bavail) * block >= min(64 << 20, total / 20) else {
            throw TrafficLogError.noRoom(path: folder)
        }
    }

    /// Files of days that could not be read and are kept under other names, newest last.
    public var setAside: [String] { aside.withLock { $0 } }

    /// Moves the files of a day out of the way of new ones.
    private func setAside(_ day: TrafficDay) throws {
        try files.withLock { files in
            files[day] = nil
            var number = 1
            while access("\(folder)/\(day).db\(Self.asideEnding)\(number)", F_OK) == 0 { number += 1 }
            let ending = "\(Self.asideEnding)\(number)"
            guard rename("\(folder)/\(day).db", "\(folder)/\(day).db\(ending)") == 0 else {
                throw TrafficLogError.unreadable(path: "\(folder)/\(day).db", why: String(cString: strerror(errno)))
            }
            for name in ["db-wal", "db-shm", "seg"] {
                rename("\(folder)/\(day).\(name)", "\(folder)/\(day).\(name)\(ending)")
            }
            aside.withLock { $0 = Array(($0 + ["traffic/\(day).db\(ending)"]).suffix(20)) }
        }
        known.withLock { $0[day] = nil }
    }

    private static let asideEnding = ".damaged-"

    /// Waits for nothing and closes all files; what is in their logs moves into them. They open again when needed.
    public func close() async {
        let open = files.withLock { files in
            defer { files = [:] }
            return Array(files.values)
        }
        for file in open { SQLiteFile.emptyLog(file.pool) }
    }

    /// A time for a label to count at, later than any before it, whatever the clock does.
    ///
    /// - Parameter now: ms since 1970.
    func nextCount(_ now: Int64) -> Int64 {
        lastCount.withLock { last in
            last = max(last + 1, now)
            return last
        }
    }

    // MARK: Days

    /// The days that have files, oldest first.
    ///
    /// - Throws: ``TrafficLogError/unreadable(path:why:)``.
    public func days() throws(TrafficLogError) -> [TrafficDay] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw .unreadable(path: folder, why: error.localizedDescription)
        }
        return names.compactMap { name in
            name.utf8.count == 13 && name.utf8.suffix(3).elementsEqual(".db".utf8)
                ? TrafficDay(String(name.utf8.prefix(10)) ?? "") : nil
        }.sorted()
    }

    /// The file of `day`, opened when it is not, and made when there is none.
    func file(of day: TrafficDay) throws -> DayFile {
        try files.withLock { files in
            if let file = files[day], file.isInPlace { return file }
            let file = try DayFile(folder: folder, day: day)
            // The oldest day is closed when the last who reads it is done.
            if files.count >= Self.openDays, let oldest = files.keys.min() { files[oldest] = nil }
            files[day] = file
            return file
        }
    }

    /// The file of `day`; nil when there is none.
    func existingFile(of day: TrafficDay) throws -> DayFile? {
        if let file = files.withLock({ $0[day] }), file.isInPlace { return file }
        guard access("\(folder)/\(day).db", F_OK) == 0 else { return nil }
        return try file(of: day)
    }

    /// What was found of a day when its files were as they are now.
    func knownFacts(of day: TrafficDay, _ stamp: FileStamp) -> DayFacts? {
        known.withLock { known in
            guard let found = known[day], found.stamp == stamp else { return nil }
            return found.facts
        }
    }

    /// Keeps what was found of a day.
    func remember(_ facts: DayFacts, _ stamp: FileStamp) {
        known.withLock { $0[facts.day] = (stamp, facts) }
    }

    // MARK: Retention

    /// Removes the files of the days before `day`, but never those of `today` or later: no row is deleted.
    ///
    /// - Returns: The days removed.
    /// - Throws: ``TrafficLogError/unreadable(path:why:)`` when a file stays.
    @discardableResult
    public func removeDays(before day: TrafficDay, today: TrafficDay) throws(TrafficLogError) -> [TrafficDay] {
        let old = try days().filter { $0 < min(day, today) }
        for day in old {
            files.withLock { $0[day] = nil }
            known.withLock { $0[day] = nil }
            // The rows last: what has no database is no day, and its segment would stay for ever.
            for ending in ["seg", "db-wal", "db-shm", "db"] {
                let path = "\(folder)/\(day).\(ending)"
                guard unlink(path) == 0 || errno == ENOENT else {
                    throw .unreadable(path: path, why: String(cString: strerror(errno)))
                }
            }
        }
        try removeSetAside(before: min(day, today))
        return old
    }

    /// What was set aside holds texts too, and goes with its day.
    private func removeSetAside(before day: TrafficDay) throws(TrafficLogError) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where name.contains(Self.asideEnding) {
            guard let of = TrafficDay(String(name.utf8.prefix(10)) ?? ""), of < day else { continue }
            let path = "\(folder)/\(name)"
            guard unlink(path) == 0 || errno == ENOENT else {
                throw .unreadable(path: path, why: String(cString: strerror(errno)))
            }
        }
    }
}
