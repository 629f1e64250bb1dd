import Foundation
import LongWork
import Testing

/// An actor that says whether it runs on its own thread.
private actor Worker {
    private let thread = DedicatedThread()

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    func isOnItsThread() -> Bool { thread.isCurrent }

    /// Holds the thread until every job before has run, then runs on.
    func pause() async -> Bool {
        await Task.yield()
        return thread.isCurrent
    }
}

@Suite struct DedicatedThreadTests {
    @Test func jobsRunOnTheThreadOfTheirActor() async {
        let (one, other) = (Worker(), Worker())
        #expect(await one.isOnItsThread())
        #expect(await other.isOnItsThread())
        #expect(await one.pause())
    }

    /// Few bytes are worked on where they are, many on a thread for that; what is thrown comes back.
    @Test func longWorkHasThreadsOfItsOwn() async throws {
        struct Fault: Error {}
        let here = await LongWork.run(bytes: LongWork.smallBytes) { ObjectIdentifier(Thread.current) }
        let first = await LongWork.run(bytes: LongWork.smallBytes + 1) { ObjectIdentifier(Thread.current) }
        let second = await LongWork.run(bytes: LongWork.smallBytes + 1) { ObjectIdentifier(Thread.current) }
        #expect(here != first && here != second)
        await #expect(throws: Fault.self) { try await LongWork.run { throw Fault() } }
        let sum = await withTaskGroup(of: Int.self) { group in
            for number in 0..<100 { group.addTask { await LongWork.run { number } } }
            return await group.reduce(0, +)
        }
        #expect(sum == 4950)
    }

    @Test func manyActorsComeAndGo() async {
        for _ in 0..<200 { #expect(await Worker().isOnItsThread()) }
    }

    @Test func jobsOfManyTasksAllRun() async {
        let one = Worker()
        let count = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<500 { group.addTask { await one.pause() ? 1 : 0 } }
            return await group.reduce(0, +)
        }
        #expect(count == 500)
    }
}
