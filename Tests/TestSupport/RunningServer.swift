package import Foundation

/// A server of an installation, listening on a port of loopback that the system chose.
package final class RunningServer: Sendable {
    private let process: ChildProcess
    private let log: URL
    /// The address it printed.
    package let address: String

    /// A server that did not start.
    package struct StartFailure: Error {
        /// How it ended.
        package let status: Int32
        /// What it printed.
        package let log: String
    }

    /// Starts a server and waits until it says where it listens.
    package init(
        _ installation: Installation,
        data: URL? = nil,
        port: String = "0",
        flags: [String] = [],
        environment extra: [String: String] = [:]
    ) throws {
        let log = installation.folder.appending(path: "serve-\(UUID().uuidString).log")
        let process = try ChildProcess(
            Installation.binary.path,
            ["serve", "--data", (data ?? installation.data).path, "--port", port] + flags,
            environment: installation.environment(extra),
            output: log,
            errors: log
        )
        var found: String?
        try eventually("the server says where it listens, or ends") {
            found = Self.address(in: (try? String(contentsOf: log, encoding: .utf8)) ?? "")
            return found != nil || !process.isRunning
        }
        guard let found else {
            throw StartFailure(
                status: try process.waitForEnd().number,
                log: try String(contentsOf: log, encoding: .utf8)
            )
        }
        self.process = process
        self.log = log
        address = found
    }

    /// What it printed so far.
    package var output: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// Whether it runs.
    package var isRunning: Bool { process.isRunning }

    /// Whether it answers applications: its channels are loaded after it listens.
    package var isReady: Bool {
        guard let client = RawClient(address) else { return false }
        client.send("GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        return client.rest().hasPrefix("HTTP/1.1 200")
    }

    /// Waits until it answers applications, or is no longer there.
    package func waitUntilReady() throws {
        try eventually("the server at \(address) is ready, or ends") { !isRunning || isReady }
    }

    /// Limits the descriptors that it may open from now on, by the system's own program for that.
    package func setDescriptorLimit(_ count: Int) throws {
        let change = try ChildProcess(
            "/usr/bin/prlimit",
            ["--pid", "\(process.identifier)", "--nofile=\(count):"],
            environment: [:]
        )
        guard try change.waitForEnd().number == 0 else { throw POSIXError(.EPERM) }
    }

    /// How long processors worked for it so far.
    package func processorSeconds() throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process.identifier)/stat", encoding: .utf8)
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Waits for its end and says how it ended.
    @discardableResult
    package func waitForEnd(within limit: Duration = .seconds(120)) throws -> ChildProcess.End {
        try process.waitForEnd(within: limit)
    }

    /// Sends it a signal.
    package func send(_ signal: Int32) { process.send(signal) }

    /// Its number, as the system has it.
    package var identifier: Int32 { process.identifier }

    /// Asks it to stop and waits for the end.
    @discardableResult
    package func stop() throws -> ChildProcess.End {
        process.send(SIGTERM)
        return try waitForEnd()
    }

    /// Ends it at once, as a crash or a power cut does.
    package func crash() throws {
        process.send(SIGKILL)
        try waitForEnd()
    }

    private static func address(in text: String) -> String? {
        let beginnings = ["http://127.0.0.1:", "https://127.0.0.1:"]
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            guard let begin = beginnings.first(where: { word.hasPrefix($0) }) else { continue }
            let digits = word.dropFirst(begin.count).prefix { $0.isNumber }
            if !digits.isEmpty, text.contains("\n") { return begin + digits }
        }
        return nil
    }
}
