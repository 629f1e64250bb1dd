import Foundation
import RegistryTypes
import StrictJSON
import Synchronization
import TestSupport
import Testing
import TrafficLog

@Suite struct CaptureQueueTests {
    private static func queue(
        _ folder: String,
        limits: CaptureLimits = CaptureLimits(delayMilliseconds: 1),
        describe: @escaping CaptureQueue.Describe = { _, _ in nil }
    ) throws -> CaptureQueue {
        CaptureQueue(store: try TrafficStore(folder: folder), key: Records.key, limits: limits, describe: describe)
    }

    @Test func whatIsOfferedIsStoredRedacted() async throws {
        let scratch = try ScratchFolder()
        let seen = Mutex<[String]>([])
        let queue = try Self.queue(scratch.path) { record, body in
            let text = body.variables["ticket"] ?? ""
            seen.withLock { $0.append(text) }
            return Data(record.id.text.utf8)
        }
        let records = try (0..<500).map { try Records.record($0, day: $0 % 2) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await queue.run() }
            for (number, record) in records.enumerated() { #expect(queue.offer(record, Records.body(number))) }
            await queue.flush()
            #expect(queue.counters.stored == 500)
            #expect(queue.counters.waiting == 0)
            #expect(queue.counters.waitingBytes == 0)
            queue.close()
        }
        #expect(queue.counters.offered == 500)
        #expect(queue.counters.dropped.isEmpty)
        #expect(try await queue.store.count(TrafficFilter()) == 500)
        let detail = try await queue.store.detail(records[123].id)
        #expect(detail.body == Records.redacted(Records.body(123)).body)
        #expect(detail.request.descriptors == Data(records[123].id.text.utf8))
        // Drift analysis saw the texts as they came.
        #expect(seen.withLock { $0 }.allSatisfy { $0.utf8.contains(0x40) })
        #expect(!queue.offer(records[0], nil))
        #expect(queue.counters.dropped == [.closed: 1])
    }

    @Test func policiesDecideWhatIsKept() async throws {
        let scratch = try ScratchFolder()
        let queue = try Self.queue(scratch.path)
        #expect(queue.offer(try Records.record(1, capture: .off), Records.body(1)))
        #expect(queue.offer(try Records.record(2, capture: .metadata), Records.body(2)))
        #expect(queue.offer(try Records.record(3), Records.body(3)))
        await queue.flush()
        #expect(queue.counters.offered == 2)
        #expect(try await queue.store.list().requests.map(\.body) == [.variables, .none])
    }

    @Test func whatHasNoRoomInMemoryIsDroppedAndCounted() async throws {
        let scratch = try ScratchFolder()
        let queue = try Self.queue(scratch.path, limits: CaptureLimits(requests: 10, bytes: 2000, delayMilliseconds: 1))
        for number in 0..<12 {
            #expect(queue.offer(try Records.record(number, capture: .metadata), nil) == (number < 10))
        }
        #expect(queue.counters.dropped == [.queueFull: 2])
        #expect(queue.counters.waiting == 10)
        await queue.flush()
        let long = RequestBody(variables: ["ticket": String(repeating: "x", count: 1500)])
        #expect(queue.offer(try Records.record(20), long))
        #expect(!queue.offer(try Records.record(21), long))
        #expect(queue.offer(try Records.record(22, capture: .metadata), long))
        await queue.flush()
        #expect(queue.counters.stored == 12)
        #expect(queue.counters.dropped == [.queueFull: 3])
        #expect(queue.offer(try Records.record(23), long))
    }

    @Test func aCancelledServerStoresWhatItTook() async throws {
        let scratch = try ScratchFolder()
        let queue = try Self.queue(scratch.path, limits: CaptureLimits(delayMilliseconds: 60_000))
        let task = Task { await queue.run() }
        for number in 0..<300 { queue.offer(try Records.record(number), Records.body(number)) }
        task.cancel()
        await task.value
        #expect(queue.counters.stored == 300)
        #expect(try await queue.store.count(TrafficFilter()) == 300)
        await queue.flush()
    }

    /// Whoever flushes waits for what was offered before and for nothing that comes later.
    @Test func flushesReturnWhileRequestsKeepComing() async throws {
        let scratch = try ScratchFolder()
        let queue = try Self.queue(scratch.path, limits: CaptureLimits(batch: 3, delayMilliseconds: 5))
        let records = try (0..<400).map { try Records.record($0, capture: .metadata) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await queue.run() }
            await withTaskGroup(of: Void.self) { inner in
                for part in 0..<4 {
                    inner.addTask {
                        for record in records[(part * 100)..<(part * 100 + 100)] {
                            queue.offer(record, nil)
                            let offered = queue.counters.offered - queue.counters.waiting
                            if offered % 7 == 0 { await queue.flush() }
                            await Task.yield()
                        }
                        await queue.flush()
                        let stored = try? await queue.store.request(records[part * 100 + 99].id)
                        #expect(stored != nil)
                    }
                }
            }
            queue.close()
        }
        #expect(queue.counters.stored == 400)
        #expect(queue.counters.waiting == 0)
    }

    @Test func aLabelFindsARequestThatStillWaits() async throws {
        let scratch = try ScratchFolder()
        let queue = try Self.queue(scratch.path, limits: CaptureLimits(delayMilliseconds: 60_000))
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await queue.run() }
            group.addTask {
                queue.offer(try Records.record(1), Records.body(1))
                let change = try await queue.label(
                    try Records.label(1, correction: "to user1@example.com"),
                    isOfRole: true
                )
                #expect(change.after == LabelState(isCorrect: false, correction: "to <EMAIL_1>"))
                await #expect(throws: TrafficLogError.noRequest(Records.id(2))) {
                    try await queue.label(try Records.label(2, isLiked: true), isOfRole: true)
                }
                queue.close()
            }
        }
        #expect(try await queue.store.detail(Records.id(1)).labels.count == 1)
    }

    @Test func aDayThatCannotBeWrittenIsCountedAndOthersAre() async throws {
        let scratch = try ScratchFolder()
        let day = URL(filePath: scratch.path + "/2026-11-21.db")
        try FileManager.default.createDirectory(at: day, withIntermediateDirectories: false)
        let queue = try Self.queue(scratch.path)
        for number in 0..<10 { queue.offer(try Records.record(number, day: number % 2), nil) }
        await queue.flush()
        #expect(queue.counters.stored == 5)
        #expect(queue.counters.dropped == [.error: 5])
        #expect(queue.counters.lastError?.isEmpty == false)
    }

    /// Every file after a run, searched for what was planted in texts, labels and settings.
    @Test func nothingPlantedIsInAnyFile() async throws {
        let scratch = try ScratchFolder()
        let queue = try Self.queue(scratch.path + "/traffic")
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await queue.run() }
            group.addTask {
                for (number, planted) in Planted.cases.enumerated() {
                    // As an application sends them back: a text of JSON.
                    let arguments = String(decoding: try JSONEncoder().encode(["x": planted.text]), as: UTF8.self)
                    let body = RequestBody(
                        variables: ["ticket": planted.text],
                        messages: [
                            ChatMessage(
                                role: .assistant,
                                text: planted.text,
                                thinking: planted.text,
                                calls: [ToolCall(id: "x", name: "f", arguments: arguments)]
                            ),
                            ChatMessage(role: .tool, text: planted.text, answers: planted.text, name: planted.text),
                        ],
                        settings: [
                            "stop": .array([.string(planted.text)]), "user": .object(["a": .string(planted.text)]),
                        ],
                        answers: [planted.text, planted.text],
                        thinking: [planted.text],
                        calls: [[ToolCall(id: "x", name: "f", arguments: planted.text)]]
                    )
                    queue.offer(try Records.record(number, changesRelease: false, isCutByRequest: false), body)
                    _ = try await queue.label(
                        RequestLabel(
                            request: Records.id(number),
                            correction: planted.text,
                            comment: planted.text,
                            by: try Name("desk"),
                            at: Records.noon
                        ),
                        isOfRole: true
                    )
                }
                queue.close()
            }
        }
        #expect(queue.counters.stored == Planted.cases.count)
        let frozen = try await queue.store.freeze(FreezeQuery(TrafficFilter()))
        #expect(frozen.requests.count == Planted.cases.count)
        try TrafficSet(frozen.requests).canonicalData().write(to: URL(filePath: scratch.path + "/frozen.jsonl"))
        // The texts are compressed in the segment: what was written is searched as it is and as it reads.
        var contents: [Data] = []
        let files = try FileManager.default.subpathsOfDirectory(atPath: scratch.path)
        for file in files
        where file.hasSuffix(".db") || file.hasSuffix("-wal") || file.hasSuffix("seg") || file.hasSuffix("l") {
            contents.append(try Data(contentsOf: URL(filePath: scratch.path + "/" + file)))
        }
        #expect(contents.count >= 4)
        for number in Planted.cases.indices {
            let detail = try await queue.store.detail(Records.id(number))
            contents.append(try JSONEncoder().encode(detail.body))
            contents.append(try JSONEncoder().encode(detail.labels))
        }
        let all = contents.reduce(into: Data()) { $0.append($1) }
        for secret in Planted.cases.flatMap(\.secrets) where secret.utf8.count >= 5 {
            #expect(all.range(of: Data(secret.utf8)) == nil, "\(secret) is left")
        }
    }

    @Test(.needsSmallDisk)
    func aFullDiskDropsAndCountsAndRecovers() async throws {
        let disk = try SmallDisk(megabytes: 4)
        let queue = try Self.queue(disk.path + "/traffic")
        func offer(_ numbers: Range<Int>) async throws {
            for number in numbers {
                // Words that hardly compress.
                let text = (0..<250).map {
                    String(UInt64($0 * 7919 + number + 1) &* 0x9e37_79b9_7f4a_7c15, radix: 36).prefix(5)
                }
                .joined(separator: " ")
                queue.offer(try Records.record(number), RequestBody(variables: ["ticket": text], answers: ["ok"]))
                if number % 20 == 0 { await queue.flush() }
            }
            await queue.flush()
        }
        try await offer(0..<100)
        try disk.fill(leaving: 200_000)
        try await offer(100..<600)
        let full = queue.counters
        #expect((full.dropped[.diskFull] ?? 0) > 0)
        #expect(full.offered == 600)
        #expect(full.stored + (full.dropped[.diskFull] ?? 0) == 600)
        #expect(full.lastError?.contains("full") == true)
        try disk.free()
        try await offer(600..<700)
        #expect(queue.counters.dropped == full.dropped)
        #expect(queue.counters.stored == full.stored + 100)
        #expect(try await queue.store.count(TrafficFilter()) == queue.counters.stored)
        for number in [0, 99, 600, 699] { #expect(try await queue.store.detail(Records.id(number)).body != nil) }
        await queue.store.close()
    }
}
