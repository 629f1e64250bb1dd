import ControlPlane
public import Foundation
import Logging
import RegistryTypes
import StrictJSON
import WireFormat
import Wording

/// The verbs that work on a data folder while no server does.
public enum DataFolderVerbs {
    /// What a verb found: for people as lines, for programs as JSON.
    public struct Outcome: Sendable {
        /// One line each.
        public let lines: [String]
        /// The same as a JSON object.
        public let json: String
        /// What the process exits with.
        public let exitCode: Int32

        fileprivate init(lines: [String], json: String, exitCode: Int32) {
            self.lines = lines.map { HiddenScalars.shown($0) }
            self.json = json
            self.exitCode = exitCode
        }
    }

    /// Checks the database, the log, the blobs and the channels of a data folder.
    ///
    /// - Throws: `Problem` when the folder cannot be opened.
    public static func check(_ folder: URL) async throws -> Outcome {
        try await translating {
            let report = try await FolderCheck.check(existing(folder))
            let lines = report.items.flatMap { item in
                ["\(item.isClean ? "✔" : "✖") \(item.name): \(item.detail)"] + item.problems.map { "    \($0)" }
            }
            return Outcome(lines: lines, json: try json(report), exitCode: code(report.isClean ? .ok : .badData))
        }
    }

    /// Makes the tables of a data folder again from its log.
    ///
    /// - Throws: `Problem` when the folder cannot be opened or the log is not whole.
    public static func rebuild(_ folder: URL) async throws -> Outcome {
        try await translating {
            let summary = try await FolderCheck.rebuild(existing(folder))
            let counts = "\(NumberText.count(summary.events, "event")), \(NumberText.count(summary.rows, "row"))"
            let changed = summary.changedTables.joined(separator: ", ")
            let line =
                summary.isEqual
                ? "✔ rebuilt from \(counts): the tables are what they were"
                : "▲ rebuilt from \(counts): \(changed.isEmpty ? "what was not as it should be:" : "these tables were different: \(changed)")"
            let lines = [line] + summary.differences.map { "    \($0)" }
            return Outcome(lines: lines, json: try json(summary), exitCode: code(.ok))
        }
    }

    /// Takes a log as it is, from which events that were acknowledged are missed.
    ///
    /// - Parameters:
    ///   - event: The number of its last event.
    ///   - reason: Why, for the log.
    /// - Throws: `Problem` when the folder cannot be opened, nothing is missed, or the log ends elsewhere.
    public static func acceptLog(_ folder: URL, event: Int, reason: String) async throws -> Outcome {
        try await translating {
            let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
            let taken = try await FolderCheck.acceptLog(existing(folder), event: event, reason: reason, now: now)
            let line =
                "▲ the log goes on at #\(taken.event), which says that it was taken at #\(taken.found) where "
                + "#\(taken.acknowledged) had been acknowledged"
            return Outcome(lines: [line], json: try json(taken), exitCode: code(.ok))
        }
    }

    /// Removes the bytes of refused and unfinished publishing from a data folder.
    ///
    /// - Parameter hours: What came or was asked for in this time is left.
    /// - Throws: `Problem` when the folder cannot be opened.
    public static func collect(_ folder: URL, hours: Int) async throws -> Outcome {
        try await translating {
            let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
            let summary = try await FolderCheck.collect(existing(folder), hours: hours, now: now)
            var lines: [String] = []
            if summary.blobs > 0 {
                let blobs = NumberText.count(summary.blobs, "blob")
                lines.append("✔ removed \(blobs) that nothing refers to, \(NumberText.bytes(summary.bytes))")
            }
            if let count = summary.unfinished, count > 0 {
                let bytes = NumberText.bytes(summary.unfinishedBytes ?? 0)
                lines.append("✔ removed \(NumberText.count(count, "unfinished upload")), \(bytes)")
            }
            if lines.isEmpty { lines = ["✔ nothing to remove"] }
            return Outcome(lines: lines, json: try json(summary), exitCode: code(.ok))
        }
    }

    /// Makes an admin key in a data folder; its token is the only line for a person.
    ///
    /// - Parameter name: The name of the key; nil for one that is free.
    /// - Throws: `Problem` when the folder cannot be opened, its log is not whole, or the name was used.
    public static func resetKey(_ folder: URL, name: String?) async throws -> (outcome: Outcome, notes: [String]) {
        try await translating {
            let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
            let reset = try await FolderCheck.resetKey(existing(folder), name: name.map { try Name($0) }, now: now)
            var notes = [
                "key \(reset.key), role admin; the token is not shown again, and the log says that it was made offline",
                "next: \(NextStep.serveData(folder: folder.path)), then: \(NextStep.login)",
            ]
            if let other = reset.otherAdmins.first {
                let names = reset.otherAdmins.map(\.text).joined(separator: ", ")
                notes.append("still valid: \(names); where its token was lost: \(NextStep.keyRevoke(other))")
            }
            let outcome = Outcome(lines: [reset.token], json: try json(reset), exitCode: code(.ok))
            return (outcome, notes)
        }
    }

    /// Makes a folder with the files and the data of the demo.
    ///
    /// - Parameter report: Called with a line for each step.
    /// - Throws: `Problem`.
    public static func createDemo(
        files: URL,
        folder: URL,
        build: String,
        report: (String) -> Void
    ) async throws {
        try await translating {
            let logger = SafeLog.logger(level: .warning)
            try await DemoCreation.run(files: files, folder: folder, build: build, logger: logger, report: report)
        }
    }

    /// A verb about a folder must not make one.
    private static func existing(_ folder: URL) throws -> URL {
        guard FolderCheck.isDataFolder(folder) else {
            throw Problem(
                status: 0,
                title: "\(folder.path) is no data folder",
                detail: "it holds no serin.db",
                next: "name the folder that the server uses: --data DIR",
                exit: ExitCode.notFound.rawValue
            )
        }
        return folder
    }

    private static func code(_ exit: ExitCode) -> Int32 { Int32(exit.rawValue) }

    private static func json(_ value: some Encodable) throws -> String {
        String(decoding: try JSONText.encode(value), as: UTF8.self)
    }

    private static func translating<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            throw Problem(ofFolder: error)
        }
    }
}
