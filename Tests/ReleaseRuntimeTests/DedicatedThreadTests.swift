import Testing

@testable import ReleaseRuntime

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
