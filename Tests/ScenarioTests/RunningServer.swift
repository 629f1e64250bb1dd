import Foundation
import Testing

/// A server of an installation, listening on a port that the system chose.
final class RunningServer: @unchecked Sendable {
    private let process: Process
    private let log: URL
    /// The address it printed.
    let address: String

    /// Starts a server and waits until it says where it listens.
    init(_ installation: Installation, data: URL? = nil, environment extra: [String: String] = [:]) throws {
        process = Process()
        log = installation.folder.appending(path: "serve-\(UUID().uuidString).log")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        process.executableURL = Installation.binary
        process.arguments = ["serve", "--data", (data ?? installation.data).path, "--port", "0"]
        process.environment = installation.environment(extra)
        process.standardInput = FileHandle.nullDevice
        let handle = try FileHandle(forWritingTo: log)
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        var found: String?
        while found == nil, process.isRunning {
            found = Self.address(in: (try? String(contentsOf: log, encoding: .utf8)) ?? "")
            if found == nil { usleep(5_000) }
        }
        guard let found else {
            throw StartFailure(status: process.terminationStatus, log: try String(contentsOf: log, encoding: .utf8))
        }
        address = found
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// A server that did not start.
    struct StartFailure: Error {
        let status: Int32
        let log: String
    }

    /// What it printed so far.
    var output: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// The process, for those who want to kill it.
    var processIdentifier: Int32 { process.processIdentifier }

    /// Whether it runs.
    var isRunning: Bool { process.isRunning }

    /// Waits for its end and says how it ended.
    @discardableResult
    func waitForEnd() -> (status: Int32, bySignal: Bool) {
        process.waitUntilExit()
        return (process.terminationStatus, process.terminationReason == .uncaughtSignal)
    }

    /// Asks it to stop and waits for the end.
    @discardableResult
    func stop() -> (status: Int32, bySignal: Bool) {
        kill(process.processIdentifier, SIGTERM)
        return waitForEnd()
    }

    private static func address(in text: String) -> String? {
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) where word.hasPrefix("http://127.0.0.1:") {
            let digits = word.dropFirst("http://127.0.0.1:".count).prefix { $0.isNumber }
            if !digits.isEmpty, text.contains("\n") { return "http://127.0.0.1:\(digits)" }
        }
        return nil
    }
}
