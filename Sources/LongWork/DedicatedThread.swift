import DequeModule
import Foundation

/// A thread of one's own for an actor that computes for long, so that the threads all other tasks share stay free.
public final class DedicatedThread: SerialExecutor {
    private let queue: JobQueue
    /// A running thread keeps its object alive, so no other has this identity.
    private let thread: ObjectIdentifier

    /// True when the caller runs on this thread.
    package var isCurrent: Bool { ObjectIdentifier(Thread.current) == thread }

    /// Starts the thread; it ends when this value is gone and all jobs are done.
    public init() {
        let queue = JobQueue()
        self.queue = queue
        let thread = Thread {
            while let job = queue.next() { job.run() }
        }
        // The engine keeps its buffers on the heap; a page of logits or a scan of text fits easily.
        thread.stackSize = 1 << 20
        self.thread = ObjectIdentifier(thread)
        thread.start()
    }

    deinit { queue.close() }

    /// Runs a job of the actor on this thread, after those before it.
    public func enqueue(_ job: consuming ExecutorJob) {
        queue.add(UnownedJob(job), on: asUnownedSerialExecutor())
    }
}

/// Jobs that wait for their thread.
private final class JobQueue: @unchecked Sendable {
    /// A job that is run as part of its executor.
    struct Entry {
        let job: UnownedJob
        let executor: UnownedSerialExecutor

        func run() { job.runSynchronously(on: executor) }
    }

    private let condition = NSCondition()
    private var entries: Deque<Entry> = []
    private var isClosed = false

    func add(_ job: UnownedJob, on executor: UnownedSerialExecutor) {
        condition.lock()
        entries.append(Entry(job: job, executor: executor))
        condition.signal()
        condition.unlock()
    }

    func close() {
        condition.lock()
        isClosed = true
        condition.signal()
        condition.unlock()
    }

    /// The next job; waits for one, and gives nil once closed and empty.
    func next() -> Entry? {
        condition.lock()
        defer { condition.unlock() }
        while entries.isEmpty, !isClosed { condition.wait() }
        return entries.popFirst()
    }
}
