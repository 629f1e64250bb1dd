import Foundation

/// A process that is measured from outside, by what the system says of it.
struct MeasuredProcess {
    let process: ChildProcess
    let log: URL

    /// Starts a binary; its output goes to a file.
    init(_ binary: String, _ arguments: [String], environment: [String: String], in folder: URL) throws {
        log = folder.appending(path: "log-\(UUID().uuidString)")
        process = try ChildProcess(binary, arguments, environment: environment, output: log, errors: log)
    }

    var output: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// User and system CPU seconds so far.
    var cpuSeconds: Double {
        let text = (try? String(contentsOfFile: "/proc/\(process.identifier)/stat", encoding: .utf8)) ?? ""
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return .nan }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Resident memory in bytes: now, or the most so far.
    func memoryBytes(peak: Bool) -> Double {
        let text = (try? String(contentsOfFile: "/proc/\(process.identifier)/status", encoding: .utf8)) ?? ""
        let key = peak ? "VmHWM:" : "VmRSS:"
        let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
        let kilobytes = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap {
            Double($0)
        }
        return (kilobytes ?? .nan) * 1024
    }

    /// Waits until the log names the address it listens on.
    func waitForAddress() -> String? {
        while process.isRunning {
            for word in output.split(whereSeparator: { $0 == " " || $0 == "\n" })
            where word.hasPrefix("http://127.0.0.1:") {
                let digits = word.dropFirst("http://127.0.0.1:".count).prefix { $0.isNumber }
                if !digits.isEmpty { return "http://127.0.0.1:\(digits)" }
            }
            usleep(1_000)
        }
        return nil
    }

    /// Asks it to stop and waits for its end.
    func stop() throws {
        process.send(SIGTERM)
        try process.waitForEnd()
    }

    /// Waits until it ends by itself.
    ///
    /// - Throws: ``Failure`` with its output when it did not end well.
    func finish() throws {
        guard try process.waitForEnd(within: .seconds(3600)) == .exit(0) else { throw Failure(output) }
    }
}
