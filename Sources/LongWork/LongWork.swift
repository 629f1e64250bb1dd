import Synchronization

/// Computing that takes long, kept from the few threads that all tasks of the process share: there one long text would hold
/// up every answer, health checks too.
///
/// Two threads do it, each one piece after another, so that a second text goes on while a huge one is worked on.
public enum LongWork {
    /// Up to so many bytes are worked on where they are: changing threads costs about as much.
    public static let smallBytes = 16 << 10

    private static let lanes = [Lane(), Lane()]
    private static let next = Atomic<Int>(0)

    /// Does `work` on one of the threads, or here when it is about few bytes.
    ///
    /// - Parameter bytes: What is worked on, as far as that says how long it takes.
    public static func run<Value: Sendable>(
        bytes: Int,
        _ work: @Sendable () throws -> Value
    ) async rethrows -> Value {
        guard bytes > smallBytes else { return try work() }
        return try await run(work)
    }

    /// Does `work` on one of the threads.
    public static func run<Value: Sendable>(_ work: @Sendable () throws -> Value) async rethrows -> Value {
        let turn = next.wrappingAdd(1, ordering: .relaxed).newValue
        return try await lanes[turn & 1].run(work)
    }

    /// A thread, and what it does.
    private actor Lane {
        private let thread = DedicatedThread()

        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

        func run<Value: Sendable>(_ work: @Sendable () throws -> Value) rethrows -> Value { try work() }
    }
}
