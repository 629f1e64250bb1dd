import Foundation
import Tickets

extension Suite {
    /// Requests of a measurement.
    private static let requests = 2000
    /// Connections, and requests that the engine alone gets at a time.
    private static let lanes = 16

    /// What serving costs over the engine: the same tickets by HTTP, with authentication, metering and capture on, and by
    /// the engine alone. CPU of the server's process against CPU of the other, both warm.
    func serve() throws {
        let files = folder.appending(path: "served").path
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
        let port = port(of: address)
        guard let probe = Connection(port: port) else { throw Failure("no connection") }
        while probe.request(get("/readyz")) == 503 { usleep(50_000) }
        let key = try makeKey(address)

        _ = try drive(server, port, key, isStreamed: false)
        var rows: [(raw: Double, whole: Double, streamed: Double, events: Int)] = []
        for _ in 0..<3 {
            let raw = try rawSeconds()
            let (whole, _) = try drive(server, port, key, isStreamed: false)
            let (streamed, events) = try drive(server, port, key, isStreamed: true)
            rows.append((raw, whole, streamed, events))
        }
        let count = Double(Self.requests)
        func middle(_ value: (Int) -> Double) -> String {
            let sorted = rows.indices.map(value).sorted()
            return "\(text(sorted[1])) (\(text(sorted[0])) to \(text(sorted[2])))"
        }
        row("CPU of a request, engine alone, 16 at a time, ms", middle { rows[$0].raw / count * 1000 }, "")
        row("CPU of a request, served, 16 connections, ms", middle { rows[$0].whole / count * 1000 }, "")
        row(
            "over the engine, per request, ms",
            middle { (rows[$0].whole - rows[$0].raw) / count * 1000 },
            "at most 0.5"
        )
        row("CPU of a streamed request, ms", middle { rows[$0].streamed / count * 1000 }, "")
        row(
            "over the engine, per streamed chunk, µs",
            middle { (rows[$0].streamed - rows[$0].raw) / Double(rows[$0].events) * 1e6 },
            "at most 150"
        )
        row("chunks of a streamed answer", text(Double(rows[0].events) / count), "")
        row("memory of the server", "\(text(server.memoryBytes(peak: true) / 1e6)) MB", "")
    }

    /// A key whose requests are captured with their texts.
    private func makeKey(_ address: String) throws -> String {
        let making = try MeasuredProcess(
            binary,
            ["key", "create", "load", "--role", "caller", "--capture", "redacted", "-o", "json"],
            environment: environment.merging(["SERIN_SERVER": address]) { $1 },
            in: folder
        )
        try making.finish()
        struct Answer: Decodable { let token: String }
        // What it says to a person is in the same file.
        let output = making.output
        guard let start = output.firstIndex(of: "{"), let end = output.lastIndex(of: "}") else { throw Failure(output) }
        return try JSONDecoder().decode(Answer.self, from: Data(output[start...end].utf8)).token
    }

    /// CPU seconds of the engine for all requests.
    private func rawSeconds() throws -> Double {
        let demo = environment["SERIN_DEMO_FILES"] ?? ""
        let run = try MeasuredProcess(
            URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "engine").path,
            ["\(demo)/v1/model.gguf", "\(demo)/documents/prompt.yaml", String(Self.requests), String(Self.lanes)],
            environment: environment,
            in: folder
        )
        try run.finish()
        guard let seconds = run.output.split(separator: " ").first.flatMap({ Double($0) }) else {
            throw Failure(run.output)
        }
        return seconds
    }

    /// Sends all requests over the connections; gives the CPU seconds of the server and the events of all streams.
    private func drive(
        _ server: MeasuredProcess,
        _ port: UInt16,
        _ key: String,
        isStreamed: Bool
    ) throws -> (cpuSeconds: Double, events: Int) {
        let counter = Counter(), events = Counter()
        let before = server.cpuSeconds
        for lane in 0..<Self.lanes {
            Thread {
                defer { counter.leave() }
                guard let stream = EventStream(port: port), let connection = Connection(port: port) else {
                    return counter.fail()
                }
                for number in Swift.stride(from: lane, to: Self.requests, by: Self.lanes) {
                    let request = Self.request(Tickets.text(number), key, isStreamed: isStreamed)
                    if isStreamed {
                        guard let count = stream.events(request) else { return counter.fail() }
                        events.add(count)
                    } else {
                        guard connection.request(request) == 200 else { return counter.fail() }
                    }
                }
            }.start()
        }
        counter.wait(Self.lanes)
        guard counter.failures == 0 else { throw Failure("\(counter.failures) connections failed") }
        return (server.cpuSeconds - before, events.count)
    }

    private static func request(_ ticket: String, _ key: String, isStreamed: Bool) -> [UInt8] {
        let stream = isStreamed ? #","stream":true"# : ""
        let body = #"{"model":"ticket-bot","messages":[{"role":"user","content":"\#(ticket)"}]\#(stream)}"#
        return Array(
            """
            POST /v1/chat/completions HTTP/1.1\r
            Host: 127.0.0.1\r
            Authorization: Bearer \(key)\r
            Content-Type: application/json\r
            Content-Length: \(body.utf8.count)\r
            \r
            \(body)
            """.utf8
        )
    }
}
