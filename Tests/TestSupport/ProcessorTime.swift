import Foundation

/// The processor time of this thread: what a wait, or another's load, does not change.
public enum ProcessorTime {
    /// Seconds that some work takes.
    public static func seconds(of work: () throws -> Void) rethrows -> Double {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let start = now()
        try work()
        return now() - start
    }

    /// How many times longer four times as much takes, at the quickest of three each: caches and page faults only add. About 4
    /// where the time is linear, 16 where it is quadratic.
    public static func ratio(of work: (_ size: Int) throws -> Void, from size: Int) rethrows -> Double {
        func quickest(_ size: Int) throws -> Double {
            try (0..<3).map { _ in try seconds { try work(size) } }.min() ?? 0
        }
        return try quickest(4 * size) / max(1e-6, quickest(size))
    }
}
