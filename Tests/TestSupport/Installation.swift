package import Foundation

/// The real binary, as the build made it, with a folder of its own for data, keys and files.
package final class Installation: Sendable {
    /// What a command printed and how it ended.
    package struct Outcome: Sendable {
        /// Its exit code, or the number of the signal that ended it.
        package let exit: Int32
        /// Standard output.
        package let out: String
        /// Standard error.
        package let err: String

        /// Standard output as JSON.
        package func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try JSONDecoder().decode(type, from: Data(out.utf8))
        }
    }

    /// A command that runs, and what it said so far.
    package struct Running: Sendable {
        private let process: ChildProcess
        private let outURL: URL
        private let errURL: URL

        fileprivate init(_ installation: Installation, _ arguments: [String], _ environment: [String: String]) throws {
            outURL = installation.folder.appending(path: "out-\(UUID().uuidString)")
            errURL = installation.folder.appending(path: "err-\(UUID().uuidString)")
            process = try ChildProcess(
                Installation.binary.path,
                arguments,
                environment: environment,
                output: outURL,
                errors: errURL
            )
        }

        /// Whether it runs.
        package var isRunning: Bool { process.isRunning }
        /// Standard output so far.
        package var out: String { (try? String(contentsOf: outURL, encoding: .utf8)) ?? "" }
        /// Standard error so far.
        package var err: String { (try? String(contentsOf: errURL, encoding: .utf8)) ?? "" }

        /// Sends it a signal.
        package func send(_ signal: Int32) { process.send(signal) }

        /// Waits for its end; it is killed when it does not come in time.
        @discardableResult
        package func outcome(within limit: Duration = .seconds(600)) throws -> Outcome {
            Outcome(exit: try process.waitForEnd(within: limit).number, out: out, err: err)
        }
    }

    private let scratch: ScratchFolder
    /// The folder of this installation; removed with it.
    package var folder: URL { scratch.url }
    /// The data folder of its server.
    package var data: URL { folder.appending(path: "files/data") }

    /// The binary lies beside the test bundle.
    package static let binary: URL = {
        let bundle = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        var folder = bundle.deletingLastPathComponent()
        for _ in 0..<6 {
            let candidate = folder.appending(path: "serin")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
            folder = folder.deletingLastPathComponent()
        }
        return Checkout.root.appending(path: ".build/debug/serin")
    }()

    /// An installation with nothing in it.
    package init() throws { scratch = try ScratchFolder() }

    /// The environment of every command: nothing of the person who runs the tests.
    package func environment(_ extra: [String: String] = [:]) -> [String: String] {
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

    /// Starts a command and does not wait for it.
    package func start(_ arguments: [String], environment extra: [String: String] = [:]) throws -> Running {
        try Running(self, arguments, environment(extra))
    }

    /// Runs a command to its end.
    package func run(_ arguments: [String], environment extra: [String: String] = [:]) throws -> Outcome {
        try start(arguments, environment: extra).outcome()
    }

    /// Runs a command to its end.
    package func run(_ arguments: String..., environment extra: [String: String] = [:]) throws -> Outcome {
        try run(arguments, environment: extra)
    }

    /// Writes a file into the folder of this installation.
    package func write(_ name: String, _ text: String) throws -> String { try scratch.write(name, text) }

    /// The token that its server wrote for an address, or for its first one.
    package func token(_ address: String) throws -> String {
        struct Credentials: Decodable {
            struct Entry: Decodable { let token: String }
            let servers: [String: Entry]
        }
        struct NoToken: Error { let file: URL }
        let file = folder.appending(path: "config/serin/credentials.json")
        let credentials = try JSONDecoder().decode(Credentials.self, from: Data(contentsOf: file))
        guard let entry = credentials.servers[address] ?? credentials.servers.values.first else {
            throw NoToken(file: file)
        }
        return entry.token
    }
}
