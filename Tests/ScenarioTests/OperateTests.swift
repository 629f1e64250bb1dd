import Foundation
import GRDB
import TestSupport
import Testing

/// The recovery steps of docs/operate.md, run as they are printed there, each in the state that it is for.
@Suite(.serialized, .needsDemo) struct OperateTests {
    /// A command of the page, with its exit code.
    private struct Step {
        let words: [String]
        let exit: Int32
    }

    /// The commands under each heading of the page's last part.
    private static func recoveries() throws -> [String: [Step]] {
        let text = try String(contentsOf: Checkout.root.appending(path: "docs/operate.md"), encoding: .utf8)
        var steps: [String: [Step]] = [:]
        var title = ""
        for line in text.split(separator: "\n").drop(while: { $0 != "## Recovery" }) {
            if line.hasPrefix("### ") { title = String(line.dropFirst(4)) }
            guard line.hasPrefix("$ serin ") else { continue }
            let parts = line.dropFirst("$ serin ".count).split(separator: "#")
            let words = parts[0].split(separator: " ").map(String.init)
            let code = parts.count > 1 ? Int32(parts[1].trimmingCharacters(in: .whitespaces)) : 0
            steps[title, default: []].append(Step(words: words, exit: try #require(code, "\(line)")))
        }
        return steps
    }

    private static let stories = [
        "The tokens are lost", "The tables are not what the log says", "A page of the log is damaged",
        "The log ends before what was acknowledged",
        "Bytes of a version are damaged or gone", "The disk is full", "A copy is put back",
    ]

    @Test func everyRecoveryIsTried() throws {
        #expect(try Set(Self.recoveries().keys) == Set(Self.stories))
    }

    /// The demo's folder, with a key that was made while a server ran.
    private func demo() throws -> Installation {
        let installation = try Installation()
        #expect(try installation.run("demo", "create", installation.folder.appending(path: "files").path).exit == 0)
        return installation
    }

    /// Runs the commands of a recovery; a server answers those that are for one.
    ///
    /// - Returns: What each printed.
    @discardableResult
    private func run(
        _ title: String,
        _ installation: Installation,
        _ values: [String: String]
    ) throws -> [Installation.Outcome] {
        try #require(try Self.recoveries()[title]).map { step in
            let words = step.words.map { values[$0] ?? $0 }
            #expect(words.allSatisfy { !$0.contains(/^[A-Z]+$/) || values.values.contains($0) }, "\(words)")
            let isOffline = words.first == "server"
            let server = isOffline ? nil : try RunningServer(installation)
            let environment = try server.map {
                ["SERIN_SERVER": $0.address, "SERIN_TOKEN": try installation.token($0.address)]
            }
            let outcome = try installation.run(words, environment: environment ?? [:])
            #expect(outcome.exit == step.exit, "\(words): \(outcome.out)\(outcome.err)")
            if let server { #expect(try server.stop() == .exit(0)) }
            return outcome
        }
    }

    @Test func theTokensAreLost() throws {
        let installation = try demo()
        try RunningServer(installation).stop()
        try FileManager.default.removeItem(at: installation.folder.appending(path: "config"))
        let printed = try run("The tokens are lost", installation, ["FOLDER": installation.data.path])[0].out
        let token = try #require(printed.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("srn_") })
        let server = try RunningServer(installation)
        let known = ["SERIN_SERVER": server.address, "SERIN_TOKEN": String(token)]
        #expect(try installation.run("whoami", environment: known).exit == 0)
        try server.stop()
    }

    @Test func theTablesAreNotWhatTheLogSays() throws {
        let installation = try demo()
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let path = installation.data.appending(path: "serin.db").path
        let file = try DatabaseQueue(path: path, configuration: configuration)
        try file.write { try $0.execute(sql: "UPDATE channel SET release = release + 7") }
        try file.close()
        let said = try run("The tables are not what the log says", installation, ["FOLDER": installation.data.path])
        #expect(said[0].out.contains("channel"), "\(said[0].out)")
    }

    @Test func aPageOfTheLogIsDamaged() throws {
        let installation = try demo()
        let path = installation.data.appending(path: "serin.db")
        let file = try DatabaseQueue(path: path.path)
        let place = try file.read { database in
            let sql = "SELECT (rootpage - 1) * page_size FROM sqlite_schema, pragma_page_size WHERE name = 'release'"
            return try Int.fetchOne(database, sql: sql)
        }
        try file.close()
        let handle = try FileHandle(forUpdating: path)
        try handle.seek(toOffset: UInt64(try #require(place)))
        try handle.write(contentsOf: Data(repeating: 0xff, count: 64))
        try handle.close()
        let said = try run("A page of the log is damaged", installation, ["FOLDER": installation.data.path])
        #expect(said[0].err.contains("server rebuild") && said[1].out.contains("damaged/serin.db-1"), "\(said)")
        let server = try RunningServer(installation)
        try server.waitUntilReady()
        #expect(try server.stop() == .exit(0))
    }

    @Test func theLogEndsBeforeWhatWasAcknowledged() throws {
        let installation = try demo()
        let server = try RunningServer(installation)
        let made = try installation.run(
            "key",
            "create",
            "app",
            "--role",
            "caller",
            environment: ["SERIN_SERVER": server.address]
        )
        #expect(made.exit == 0)
        try server.crash()
        try FileManager.default.removeItem(at: installation.data.appending(path: "serin.db-wal"))
        let said = try installation.run("server", "check", "--data", installation.data.path)
        let after = try #require(said.out.firstRange(of: "the log ends at event #")).upperBound
        let number = said.out[after...].prefix { $0.isNumber || $0 == "," }.replacing(",", with: "")
        try run(
            "The log ends before what was acknowledged",
            installation,
            ["FOLDER": installation.data.path, "4711": String(number), "TEXT": "no copy"]
        )
        let next = try RunningServer(installation)
        try next.waitUntilReady()
        try next.stop()
    }

    @Test func bytesAreDamaged() throws {
        let installation = try demo()
        try RunningServer(installation).stop()
        let blobs = installation.data.appending(path: "blobs/sha256")
        let files = try #require(FileManager.default.enumerator(at: blobs, includingPropertiesForKeys: [.fileSizeKey]))
        let sizes = files.compactMap { $0 as? URL }.map { file in
            (file, (try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0)
        }
        // The weights are by far the largest.
        let weights = try #require(sizes.max { $0.1 < $1.1 }).0
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: weights.path)
        var bytes = try Data(contentsOf: weights)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: weights)
        let v1 = installation.folder.appending(path: "files/v1").path
        try run(
            "Bytes of a version are damaged or gone",
            installation,
            ["FOLDER": installation.data.path, "PATH": v1, "MODEL": "ticket-bot"]
        )
    }

    @Test func theDiskIsFullAndACopyIsPutBack() throws {
        let installation = try demo()
        try RunningServer(installation).stop()
        try run("The disk is full", installation, ["FOLDER": installation.data.path])
        let copy = installation.folder.appending(path: "copy")
        try FileManager.default.copyItem(at: installation.data, to: copy)
        let checked = try installation.run("server", "check", "--data", copy.path)
        #expect(checked.exit == 0, "\(checked.out)\(checked.err)")
        let commands = try #require(try Self.recoveries()["A copy is put back"]).map { $0.words.joined(separator: " ") }
        #expect(commands == ["server check --data COPY", "serve --data COPY"])
        let server = try RunningServer(installation, data: copy)
        try server.waitUntilReady()
        #expect(try server.stop() == .exit(0))
    }
}
