import Foundation
import RegistryRecords
import RegistryTypes
import ServiceLevels
import UserDocuments

/// What it costs to know where an SLO stands: 30 days with 2 million requests.
struct Timing {
    private static let start: Int64 = 1_795_219_200
    private static let days = 30
    private static let requests = 2_000_000

    private func document() throws -> SLODocument {
        let text = """
            apiVersion: serin/v1
            kind: SLO
            name: availability
            for: { channel: production, models: ["*"] }
            indicator: { type: availability }
            target: 99.9 %
            window: 30 d
            """
        guard case .slo(let document) = try Document.parse(text, file: "slo.yaml")[0] else {
            throw CocoaError(.coderInvalidValue)
        }
        return document
    }

    /// Milliseconds that `work` takes: the median of 9 runs and the worst.
    private func measure(_ name: String, _ work: () -> Int) {
        var times: [Double] = []
        var result = 0
        for _ in 0..<9 {
            let clock = ContinuousClock()
            times.append(clock.measure { result &+= work() } / .milliseconds(1))
        }
        times.sort()
        print("| \(name) | \(String(format: "%.2f", times[4])) ms | \(String(format: "%.2f", times[8])) ms |")
        // The result is used, so that the work cannot be left out.
        if result == .min { print("") }
    }

    func run() throws {
        let document = try document()
        let model = try Name("ticket-bot")
        let now = Self.start + Int64(Self.days) * 86_400
        var numbers = SeededNumbers(seed: 7)
        let span = UInt64(Self.days) * 86_400
        let events = (0..<Self.requests).map { _ in (Self.start + Int64(numbers.next() % span), numbers.unit() < 0.0005)
        }
        .sorted { $0.0 < $1.0 }
        var fine: [Int64: SLICounts] = [:]
        for (second, isBad) in events {
            fine[SLIBucket.fineStart(second), default: .zero] += SLICounts(valid: 1, bad: isBad ? 1 : 0)
        }
        let all = fine.map { SLIBucket(start: $0, seconds: 10, valid: $1.valid, bad: $1.bad) }.sorted {
            $0.start < $1.start
        }
        let stored = SLIBucket.merged(all, before: SLIBucket.fineNeeded(at: now))
        let records = try (0..<4096).map { try record(model, $0) }

        print("\n### Cost, \(Self.requests) requests over \(Self.days) days, \(stored.count) stored buckets\n")
        print("| what | median of 9 | worst |")
        print("| --- | --- | --- |")
        measure("start again: all windows of one SLO from stored buckets, and its status") {
            var level = ServiceLevel(document: document, model: model, buckets: stored, now: now)
            return level.status(now: Timestamp(milliseconds: now * 1000)).counts.valid
        }
        var running = ServiceLevel(document: document, model: model, buckets: stored, now: now)
        measure("1,000 times: all windows, the four alerts and the sentence of a running SLO") {
            (0..<1000).reduce(0) { total, _ in
                total &+ running.status(now: Timestamp(milliseconds: now * 1000)).alerts.count
            }
        }
        measure("from single requests: judge and count 2,000,000 of them, then the status") {
            var level = ServiceLevel(document: document, model: model, buckets: [], now: Self.start)
            for (index, event) in events.enumerated() {
                level.add(document.judge(records[index & 4095]), at: event.0)
            }
            return level.status(now: Timestamp(milliseconds: now * 1000)).counts.valid
        }
    }

    private func record(_ model: Name, _ index: Int) throws -> RequestRecord {
        let time = Timestamp(milliseconds: Self.start * 1000)
        return RequestRecord(
            id: RequestID(time: time, random: (0, UInt64(index))),
            time: time,
            model: model,
            asked: model.text,
            channel: try Name("production"),
            release: 1,
            version: 1,
            prompt: VersionID(try Name("triage"), 1),
            arm: .live,
            key: try Name("app"),
            outcome: index % 2000 == 0 ? .engineFailed : .answered,
            status: 200,
            totalSeconds: 0.2,
            capture: .metadata
        )
    }
}
