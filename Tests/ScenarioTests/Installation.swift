import Foundation

/// The real binary, as the build made it, with a folder of its own for data, keys and files.
final class Installation: Sendable {
    /// What a command printed and how it ended.
    struct Outcome: Sendable {
        let exit: Int32
        let out: String
        let err: String

        /// Standard output as JSON.
        func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try JSONDecoder().decode(type, from: Data(out.utf8))
        }
    }

    /// The folder of this installation; removed with it.
    let folder: URL
    /// The data folder of its server.
    var data: URL { folder.appending(path: "files/data") }

    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    /// The demo files of the repository.
    static let demo = package.appending(path: "Registry/demo")
    /// Whether the demo's models are there.
    static let hasDemo = FileManager.default.fileExists(atPath: demo.appending(path: "v1/model.gguf").path)

    /// The binary lies beside the test bundle.
    static let binary: URL = {
        let bundle = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        var folder = bundle.deletingLastPathComponent()
        for _ in 0..<6 {
            let candidate = folder.appending(path: "serin")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
            folder = folder.deletingLastPathComponent()
        }
        return package.appending(path: ".build/debug/serin")
    }()

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "serin-scenario-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The environment of every command: nothing of the person who runs the tests.
    func environment(_ extra: [String: String] = [:]) -> [String: String] {
        var environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "HOME": folder.path,
            "XDG_CONFIG_HOME": folder.appending(path: "config").path,
            "LANG": "C.UTF-8",
            "SWIFT_BACKTRACE": "enable=no",
        ]
        environment.merge(extra) { $1 }
        return environment
    }

    /// Runs a command to its end.
    func run(_ arguments: String..., environment extra: [String: String] = [:]) throws -> Outcome {
        try run(arguments, environment: extra)
    }

    /// A command that runs, and what it said so far.
    struct Running {
        let process: Process
        let errURL: URL

        /// Standard error so far.
        var err: String { (try? String(contentsOf: errURL, encoding: .utf8)) ?? "" }
    }

    /// Starts a command and does not wait for it.
    func start(_ arguments: [String], environment extra: [String: String] = [:]) throws -> Running {
        let process = Process()
        process.executableURL = Self.binary
        process.arguments = arguments
        process.environment = environment(extra)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let errURL = folder.appending(path: "err-\(UUID().uuidString)")
        _ = FileManager.default.createFile(atPath: errURL.path, contents: nil)
        process.standardError = try FileHandle(forWritingTo: errURL)
        try process.run()
        return Running(process: process, errURL: errURL)
    }

    /// Runs a command to its end.
    func run(_ arguments: [String], environment extra: [String: String] = [:]) throws -> Outcome {
        let process = Process()
        process.executableURL = Self.binary
        process.arguments = arguments
        process.environment = environment(extra)
        process.standardInput = FileHandle.nullDevice
        let outURL = folder.appending(path: "out-\(UUID().uuidString)")
        let errURL = folder.appending(path: "err-\(UUID().uuidString)")
        for url in [outURL, errURL] { _ = FileManager.default.createFile(atPath: url.path, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: outURL)
        process.standardError = try FileHandle(forWritingTo: errURL)
        try process.run()
        process.waitUntilExit()
        return Outcome(
            exit: process.terminationStatus,
            out: try String(contentsOf: outURL, encoding: .utf8),
            err: try String(contentsOf: errURL, encoding: .utf8)
        )
    }

    /// Writes a file into the folder of this installation.
    func write(_ name: String, _ text: String) throws -> String {
        let url = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
        return url.path
    }
}
