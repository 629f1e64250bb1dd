import RegistryTypes
import Synchronization
import TestSupport
import Testing

@testable import ControlPlane

/// Whole runs are read one at a time, and no key keeps another from its turn.
@Suite struct RereadTurnsTests {
    private static let shop = DemoPlane.known("shop")
    private static let desk = DemoPlane.known("desk")

    private static func caller(_ name: Name) -> Caller { Caller(name: name, role: .reader) }

    @Test func keysTakeTurns() throws {
        var queue = RereadQueue()
        let first = try queue.ask(by: Self.shop)
        #expect(queue.current == first)
        let second = try queue.ask(by: Self.shop), third = try queue.ask(by: Self.shop)
        let other = try queue.ask(by: Self.desk)
        #expect(queue.next() == other)
        #expect(queue.next() == second)
        #expect(queue.next() == third)
        #expect(queue.next() == nil && queue.current == nil)
        // Nobody is there: the next one goes at once.
        #expect(try queue.ask(by: Self.shop) == queue.current)
    }

    @Test func placesAreFew() throws {
        var queue = RereadQueue()
        _ = try queue.ask(by: Self.shop)
        let mine = try (0..<RereadQueue.maxWaitingOfOne).map { _ in try queue.ask(by: Self.shop) }
        #expect(throws: RereadQueue.Refusal.tooManyOfOne) { try queue.ask(by: Self.shop) }
        for index in mine.count..<RereadQueue.maxWaiting { _ = try queue.ask(by: DemoPlane.known("k\(index)")) }
        #expect(throws: RereadQueue.Refusal.tooMany) { try queue.ask(by: Self.desk) }
        // Who leaves makes room; who is at work or gone does not leave.
        let atWork = try #require(queue.current)
        let left = [mine[1], mine[1], atWork].map { queue.leave($0) }
        #expect(left == [true, false, false])
        _ = try queue.ask(by: Self.desk)
    }

    /// How many read.
    private final class Meter: Sendable {
        private let state = Mutex((now: 0, atOnce: 0, done: 0))

        var counts: (now: Int, atOnce: Int, done: Int) { state.withLock { $0 } }

        func begin() { state.withLock { $0 = ($0.now + 1, max($0.atOnce, $0.now + 1), $0.done) } }

        func end() { state.withLock { $0 = ($0.now - 1, $0.atOnce, $0.done + 1) } }
    }

    /// Nine who ask at once, of whom one goes away: one reads at a time, and everybody is answered.
    @Test func oneReadsAtATime() async throws {
        let turns = RereadTurns()
        let reading = Meter()
        let (gate, open) = AsyncStream.makeStream(of: Void.self),
            (started, start) = AsyncStream.makeStream(of: Void.self)
        let holder = Task {
            try await turns.run(by: Self.caller(Self.desk)) {
                start.yield()
                for await _ in gate { break }
            }
        }
        for await _ in started { break }
        let names = (0..<RereadQueue.maxWaiting).map { DemoPlane.known("k\($0)") }
        let tasks = names.map { name in
            Task {
                try await turns.run(by: Self.caller(name)) {
                    reading.begin()
                    await Task.yield()
                    reading.end()
                }
            }
        }
        try await eventually("eight wait") { await turns.waitingCount == RereadQueue.maxWaiting }
        let refused = await expectError(.unavailable) { try await turns.run(by: Self.caller(Self.shop)) {} }
        #expect(refused?.title == "8 wait for runs that are read again")
        tasks[0].cancel()
        await #expect(throws: CancellationError.self) { try await tasks[0].value }
        open.yield()
        try await holder.value
        for task in tasks.dropFirst() { try await task.value }
        #expect(reading.counts.atOnce == 1)
        #expect(reading.counts.done == names.count - 1)
        // A failed read gives its turn on.
        await expectError(.conflict) {
            try await turns.run(by: Self.caller(Self.shop)) { throw ControlPlaneError(.conflict, "no") }
        }
        #expect(try await turns.run(by: Self.caller(Self.shop)) { 7 } == 7)
    }
}
