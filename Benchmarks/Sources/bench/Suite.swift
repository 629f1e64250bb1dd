import Foundation

/// The measurements, each printing its rows.
struct Suite {
    let binary: String
    let folder: URL
    let environment: [String: String]

    init(binary: String, demo: String) throws {
        self.binary = binary
        folder = FileManager.default.temporaryDirectory.appending(path: "serin-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder.path,
            "XDG_CONFIG_HOME": folder.path, "SERIN_DEMO_FILES": URL(filePath: demo).path,
        ]
    }

    func clean() { try? FileManager.default.removeItem(at: folder) }

    /// Ten starts on a folder that holds nothing: time to the first answer, then memory.
    func start() throws {
        let data = folder.appending(path: "empty").path
        var seconds: [Double] = []
        var memory = 0.0
        for _ in 0..<10 {
            let begin = ContinuousClock.now
            let server = try MeasuredProcess(
                binary,
                ["serve", "--data", data, "--port", "0"],
                environment: environment,
                in: folder
            )
            guard let address = server.waitForAddress() else { throw Failure(server.output) }
            let connection = Connection(port: port(of: address))
            guard connection?.request(get("/livez")) == 200 else { throw Failure("no answer from \(address)") }
            seconds.append(begin.duration(to: .now) / .seconds(1))
            memory = max(memory, server.memoryBytes(peak: false))
            try server.stop()
        }
        seconds.sort()
        row(
            "start to first answer, median of 10 (worst)",
            "\(text(seconds[5] * 1000)) ms (\(text(seconds[9] * 1000)) ms)",
            "under 300 ms"
        )
        row("memory without a model", "\(text(memory / 1e6)) MB", "under 60 MB")
    }

    /// 16 connections that ask what a channel means, for five seconds.
    func resolve() throws {
        let files = folder.appending(path: "files").path
        let creation = try MeasuredProcess(binary, ["demo", "create", files], environment: environment, in: folder)
        try creation.finish()
        let server = try MeasuredProcess(
            binary,
            ["serve", "--data", files + "/data", "--port", "0"],
            environment: environment,
            in: folder
        )
        defer { try? server.stop() }
        guard let address = server.waitForAddress() else { throw Failure(server.output) }
        let request = get("/api/v1/resolve?ref=ticket-bot@production", token: try token(address))
        let port = port(of: address)
        let cpuBefore = server.cpuSeconds
        let begin = ContinuousClock.now
        let counter = Counter()
        let threads = (0..<16).map { _ in
            let thread = Thread {
                defer { counter.leave() }
                guard let connection = Connection(port: port) else { return }
                while begin.duration(to: .now) < .seconds(5) {
                    guard connection.request(request) == 200 else { return counter.fail() }
                    counter.add()
                }
            }
            thread.start()
            return thread
        }
        counter.wait(threads.count)
        let seconds = begin.duration(to: .now) / .seconds(1)
        let cpu = server.cpuSeconds - cpuBefore
        guard counter.failures == 0 else { throw Failure("\(counter.failures) requests failed") }
        row("channel resolve, 16 connections", "\(text(Double(counter.count) / seconds)) requests/s", "over 10,000/s")
        row("CPU of the server per request", "\(text(cpu / Double(counter.count) * 1000)) ms", "under 0.1 ms")
    }

    /// A file of 1 GiB that the engine does not load.
    func publish() throws {
        let file = folder.appending(path: "weights.bin")
        try RandomFile.write(to: file, sizeBytes: 1 << 30)
        let data = folder.appending(path: "published").path
        let server = try MeasuredProcess(
            binary,
            ["serve", "--data", data, "--port", "0"],
            environment: environment,
            in: folder
        )
        defer { try? server.stop() }
        guard let address = server.waitForAddress() else { throw Failure(server.output) }
        try warmPages()
        let reference =
            try cpu("/bin/cp", [file.path, folder.appending(path: "copy").path])
            + cpu("/usr/bin/openssl", ["dgst", "-sha256", file.path])
            + cpu("/usr/bin/openssl", ["dgst", "-sha256", file.path])
        try FileManager.default.removeItem(at: folder.appending(path: "copy"))
        try warmPages()
        let before = server.cpuSeconds
        let (clientCPU, clientMemory) = try measured(
            binary,
            ["publish", file.path, "--model", "big"],
            environment: environment.merging(["SERIN_SERVER": address]) { $1 }
        )
        let total = clientCPU + server.cpuSeconds - before
        row("publish 1 GiB: CPU, client and server", "\(text(total)) s", "")
        row("cp and two openssl dgst of it", "\(text(reference)) s", "")
        row("ratio", text(total / reference), "at most 2")
        row("most memory, server", "\(text(server.memoryBytes(peak: true) / 1e6)) MB", "under 100 MB")
        row("most memory, client", "\(text(clientMemory / 1e6)) MB", "under 100 MB")
    }

    /// Writes 2.5 GiB and deletes them: a virtual machine hands free memory back to its host, and getting a page again
    /// costs more than all the work that is measured here. Pages that were freed just before are cheap for both sides.
    private func warmPages() throws {
        let file = folder.appending(path: "warm")
        try run("/bin/dd", ["if=/dev/zero", "of=\(file.path)", "bs=1M", "count=2560", "status=none"])
        try FileManager.default.removeItem(at: file)
    }

    func row(_ what: String, _ measured: String, _ target: String) {
        print("| \(what) | \(measured) | \(target) |")
    }

    func text(_ value: Double) -> String {
        String(format: value >= 1000 ? "%.0f" : value >= 10 ? "%.1f" : "%.3f", value)
    }

    func port(of address: String) -> UInt16 { UInt16(address.split(separator: ":").last ?? "0") ?? 0 }

    private func token(_ address: String) throws -> String {
        struct Credentials: Decodable {
            struct Entry: Decodable { let token: String }
            let servers: [String: Entry]
        }
        let data = try Data(contentsOf: folder.appending(path: "serin/credentials.json"))
        guard let entry = try JSONDecoder().decode(Credentials.self, from: data).servers[address] else {
            throw Failure("no token for \(address)")
        }
        return entry.token
    }

    func get(_ path: String, token: String? = nil) -> [UInt8] {
        let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        return Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\(authorization)\r\n".utf8)
    }

    private func run(_ path: String, _ arguments: [String]) throws { _ = try cpu(path, arguments) }

    private func cpu(_ path: String, _ arguments: [String]) throws -> Double {
        try measured(path, arguments, environment: environment).cpuSeconds
    }

    /// Runs a command to its end: its CPU seconds and the most memory it took, as the system counted them.
    private func measured(
        _ path: String,
        _ arguments: [String],
        environment: [String: String]
    ) throws -> (cpuSeconds: Double, memoryBytes: Double) {
        var pid: pid_t = 0
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        defer { posix_spawn_file_actions_destroy(&actions) }
        guard posix_spawn(&pid, path, &actions, nil, words, variables) == 0 else { throw Failure("cannot run \(path)") }
        var status: Int32 = 0
        var usage = rusage()
        guard wait4(pid, &status, 0, &usage) == pid, status == 0 else { throw Failure("\(path) \(arguments) failed") }
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return (seconds(usage.ru_utime) + seconds(usage.ru_stime), Double(usage.ru_maxrss) * 1024)
    }
}

/// Why a measurement could not be made.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
