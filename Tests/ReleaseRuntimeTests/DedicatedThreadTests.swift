import Foundation
import Testing

@testable import ReleaseRuntime

/// An actor that says on which thread it ran.
private actor Where {
    private let thread = DedicatedThread(name: "serin-test")

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    func threadName() -> String? { Thread.current.name }
}

@Suite struct DedicatedThreadTests {
    @Test func jobsRunOnTheThreadOfTheirActor() async {
        let one = Where()
        #expect(await one.threadName() == "serin-test")
        #expect(await one.threadName() == "serin-test")
    }

    @Test func manyActorsComeAndGo() async {
        for _ in 0..<200 {
            let one = Where()
            #expect(await one.threadName() == "serin-test")
        }
    }

    @Test func jobsOfManyTasksAllRun() async {
        let one = Where()
        let count = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<500 { group.addTask { await one.threadName() == "serin-test" ? 1 : 0 } }
            return await group.reduce(0, +)
        }
        #expect(count == 500)
    }
}
