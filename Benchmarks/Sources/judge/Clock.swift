import Foundation

/// CPU time of this process and its memory.
enum Clock {
    /// Seconds of CPU since the start.
    static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The most memory that was held so far, in MB of 10^6 bytes; nil where the system does not say.
    static func peakMegabytes() -> Double? {
        let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Double($0.split(whereSeparator: { $0 == " " || $0 == "\t" })[1]) }.map { $0 * 1024 / 1e6 }
    }

    /// CPU seconds of `body`, the least of `times` runs.
    static func least(of times: Int, _ body: () -> Void) -> Double {
        (0..<times).map { _ in
            let start = cpuSeconds()
            body()
            return cpuSeconds() - start
        }.min() ?? 0
    }
}
