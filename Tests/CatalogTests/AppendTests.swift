import Catalog
import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import Synchronization
import TestSupport
import Testing

@Suite struct AppendTests {
    let scratch: ScratchFolder
    let catalog: Catalog

    init() throws {
        scratch = try ScratchFolder()
        catalog = try Catalog.open(path: scratch.catalog)
    }

    @Test func twoHundredCommandsAtOnceGiveGaplessNumbersAndAnIntactChain() async throws {
        let catalog = catalog
        let seqs = try await withThrowingTaskGroup(of: [Int].self) { group in
            for number in 0..<200 {
                group.addTask {
                    try await catalog.append(actor: "ada", time: Samples.time(number)) { _ in
                        [try Samples.key("key-\(number)")]
                    }.map(\.seq)
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(seqs.sorted() == Array(1...200))
        let report = try await catalog.verifyChain(known: 200)
        #expect(report.isIntact && report.intact == 200)
        #expect(try await catalog.read { try $0.keys().count } == 200)
    }

    @Test func aCommandThatThrowsTakesNothingWithItAndKeepsItsError() async throws {
        struct Refusal: Error, Equatable {}
        let catalog = catalog
        let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<100 {
                group.addTask {
                    do {
                        _ = try await catalog.append(actor: "ada", time: Samples.time(number)) { _ in
                            if number % 3 == 0 { throw Refusal() }
                            return [try Samples.key("key-\(number)")]
                        }
                        return true
                    } catch is Refusal {
                        return false
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { !$0 } == 34)
        let (keys, head) = try await catalog.read { (try $0.keys().count, try $0.head().seq) }
        #expect(keys == 66 && head == 66)
        #expect(try await catalog.verifyChain().isIntact)
    }

    @Test func eventsOfOneCommandStandOrFallTogether() async throws {
        await #expect(throws: CatalogError.alreadyExists(what: "key", name: "twice")) {
            _ = try await catalog.append(actor: "ada", time: Samples.time(0)) { _ in
                [try Samples.key("once"), try Samples.key("twice"), try Samples.key("twice")]
            }
        }
        #expect(try await catalog.read { try $0.keys().isEmpty && $0.head().seq == 0 })
    }

    @Test func aCommandSeesWhatTheCommandsBeforeItDid() async throws {
        let catalog = catalog
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let seen = Mutex(0)
                    _ = try await catalog.append(actor: "ada", time: Samples.time(0)) { state in
                        let count = try state.keys().count
                        seen.withLock { $0 = count }
                        return [try Samples.key("key-\(number)")]
                    }
                    return seen.withLock { $0 }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts.sorted() == Array(0..<50))
    }

    @Test func ofFiftyPromotionsThatDecidedOnTheSameStateOneWins() async throws {
        try await catalog.append([
            try Samples.prompt(1), try Samples.version(1), try Samples.version(2), try Samples.release(1, version: 1),
            try Samples.release(2, version: 2), try Samples.move(from: nil, to: 1),
        ])
        let catalog = catalog
        let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    do {
                        _ = try await catalog.append(actor: "ada", time: Samples.time(9)) { _ in
                            [try Samples.move(from: 1, to: 2)]
                        }
                        return true
                    } catch let error as CatalogError {
                        #expect(
                            error
                                == .channelMoved(
                                    model: try Name("ticket-bot"),
                                    channel: try Name("production"),
                                    expected: 1,
                                    actual: 2
                                )
                        )
                        return false
                    }
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(winners == 1)
        #expect(try await catalog.read { try $0.moves(Name("ticket-bot"), Name("production")).map(\.to) } == [2, 1])
    }

    @Test func aClientThatGoesAwayDoesNotDisturbTheOthers() async throws {
        let catalog = catalog
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let append = Task {
                        try await catalog.append(actor: "ada", time: Samples.time(0)) { _ in
                            [try Samples.key("key-\(number)")]
                        }
                    }
                    if number % 2 == 0 { append.cancel() }
                    _ = try await append.value
                }
            }
            try await group.waitForAll()
        }
        #expect(try await catalog.read { try $0.head().seq } == 100)
    }

    @Test func theHeadMayBeExpected() async throws {
        try await catalog.append([try Samples.key("a"), try Samples.key("b")])
        await #expect(throws: CatalogError.headMoved(expected: 1, actual: 2)) {
            _ = try await catalog.append(actor: "ada", time: Samples.time(0), expectedHead: 1) { _ in
                [try Samples.key("c")]
            }
        }
        let events = try await catalog.append(actor: "ada", time: Samples.time(0), expectedHead: 2) { _ in
            [try Samples.key("c")]
        }
        #expect(events.map(\.seq) == [3])
    }

    @Test func whatIsAnsweredCanBeReadAndIsChained() async throws {
        let events = try await catalog.append(actor: "ada", time: Samples.time(5)) { _ in
            [try Samples.key("a"), try Samples.key("b")]
        }
        #expect(events.map(\.kind) == ["key.created", "key.created"])
        #expect(events.map(\.subject) == ["a", "b"])
        #expect(events[0].previous.bytes == [UInt8](repeating: 0, count: 32))
        #expect(events[1].previous == events[0].hash)
        #expect(try await catalog.read { try $0.events(after: 0) } == events.map(\.entry))
    }

    @Test func afterClosingNothingIsTaken() async throws {
        try await catalog.append([try Samples.key("a")])
        try await catalog.close()
        await #expect(throws: CatalogError.closed) { try await catalog.append([try Samples.key("b")]) }
        let again = try Catalog.open(path: scratch.catalog)
        #expect(try await again.read { try $0.head().seq } == 1)
    }
}
