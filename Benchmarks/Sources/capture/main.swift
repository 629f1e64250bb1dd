import Foundation
import RegistryTypes
import TrafficLog

/// What the capture costs, as rows of a table: `capture [bytes]`.
struct CaptureCost {
    let bytes: Int
    let folder = FileManager.default.temporaryDirectory.path + "/serin-capture-\(getpid())"
    let key = Array("a key of sixteen bytes or more".utf8)
    static let requests = 20_000
    static let batch = 200

    static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func say(_ what: String, _ measured: String) { print("| \(what) | \(measured) |") }

    private static func shown(_ number: Double, _ unit: String) -> String {
        "\((number * 10).rounded() / 10) \(unit)"
    }

    /// A request of a day at 100 requests per second.
    private static func record(_ number: Int, _ policy: CapturePolicy) throws -> RequestRecord {
        let time = Timestamp(milliseconds: 1_795_046_400_000 + Int64(number) * 10)
        return RequestRecord(
            id: RequestID(time: time, random: (UInt16(truncatingIfNeeded: number), UInt64(number))),
            time: time,
            model: try Name("ticket-bot"),
            asked: "ticket-bot",
            channel: try Name("production"),
            release: 12,
            version: 7,
            prompt: VersionID(try Name("triage"), 3),
            arm: .live,
            key: try Name("shop"),
            unit: "0123456789abcdef",
            outcome: .answered,
            status: 200,
            finish: "stop",
            promptTokens: 300,
            outputTokens: 40,
            queueSeconds: 0.001,
            firstTokenSeconds: 0.05,
            perTokenSeconds: 0.01,
            longestGapSeconds: 0.02,
            totalSeconds: 0.4,
            isOutputValid: true,
            meanLogProbability: -0.1,
            seed: 1,
            capture: policy
        )
    }

    func redaction(_ bodies: [RequestBody]) {
        let start = Self.cpuSeconds()
        for body in bodies {
            var redactor = Redactor(key: key)
            _ = redactor.redact(body)
        }
        let each = (Self.cpuSeconds() - start) / Double(bodies.count)
        Self.say("redaction of \(bytes) bytes", Self.shown(each * 1e6, "µs CPU"))
    }

    func capture(_ bodies: [RequestBody], _ policy: CapturePolicy) async throws {
        let store = try TrafficStore(folder: folder)
        let queue = CaptureQueue(store: store, key: key, limits: CaptureLimits(requests: Self.requests, bytes: 1 << 30))
        let records = try (0..<Self.requests).map { try Self.record($0, policy) }
        let start = Self.cpuSeconds()
        for (number, record) in records.enumerated() { queue.offer(record, bodies[number % bodies.count]) }
        let offered = Self.cpuSeconds()
        await queue.flush()
        let stored = Self.cpuSeconds()
        await store.close()
        let count = Double(queue.counters.stored)
        Self.say("\(policy.rawValue): on the way of the answer", Self.shown((offered - start) / count * 1e6, "µs CPU"))
        Self.say("\(policy.rawValue): off it", Self.shown((stored - offered) / count * 1e6, "µs CPU"))
        let bytes = try await store.facts().reduce(0) { $0 + $1.bytes }
        Self.say("\(policy.rawValue): on disk", Self.shown(Double(bytes) / count, "bytes"))
        try FileManager.default.removeItem(atPath: folder)
    }

    func day(of requests: Int) async throws {
        let store = try TrafficStore(folder: folder)
        for start in stride(from: 0, to: requests, by: Self.batch) {
            try await store.append(
                try (start..<(start + Self.batch)).map { CapturedRequest(try Self.record($0, .metadata)) }
            )
        }
        let known = try Self.record(requests / 2, .metadata)
        func measure(_ what: String, _ body: () async throws -> Void) async throws {
            let start = ContinuousClock.now
            try await body()
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            Self.say("a day of \(requests) requests: \(what)", Self.shown(seconds * 1e3, "ms"))
        }
        try await measure("the newest 50") { _ = try await store.list() }
        try await measure("how it stands") { _ = try await store.facts() }
        try await measure("one request") { _ = try await store.detail(known.id) }
        try await measure("a label") {
            var redactor = Redactor(key: key)
            let label = RequestLabel(request: known.id, isCorrect: true, by: try Name("shop"), at: known.time)
            _ = try await store.add(redactor.redact(label), isOfRole: true)
        }
        try await measure("all rows") { try await store.scan { _ in } }
        let next = TrafficDay(known.time).adding(days: 1)
        try await measure("dropped") { try store.removeDays(before: next, today: next) }
        try FileManager.default.removeItem(atPath: folder)
    }
}

let cost = CaptureCost(bytes: CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 3000)
var texts = TextSource(seed: 42)
let bodies = (0..<2000).map { _ in texts.body(bytes: cost.bytes) }
print("| what | measured |\n| --- | --- |")
cost.redaction(bodies)
try await cost.capture(bodies, .redacted)
try await cost.capture(bodies, .metadata)
try await cost.day(of: 200_000)
