import Foundation
public import RegistryTypes

/// A day in UTC: captured requests are kept in files by day.
public struct TrafficDay: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Days since 1970-01-01.
    public let number: Int64

    private static let milliseconds: Int64 = 86_400_000

    /// The day of `time`.
    public init(_ time: Timestamp) {
        let (days, rest) = time.milliseconds.quotientAndRemainder(dividingBy: Self.milliseconds)
        number = rest < 0 ? days - 1 : days
    }

    /// The day written as `2026-11-21`; nil when the text is none.
    public init?(_ text: String) {
        guard text.utf8.count == 10, let time = Timestamp(text + "T00:00:00Z") else { return nil }
        self.init(time)
    }

    private init(number: Int64) { self.number = number }

    /// Its first moment.
    public var start: Timestamp { Timestamp(milliseconds: number * Self.milliseconds) }

    /// The day so many days later; earlier when negative.
    public func adding(days: Int) -> TrafficDay { TrafficDay(number: number + Int64(days)) }

    public var description: String { String(start.description.prefix(10)) }

    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// How one day of the log stands.
public struct DayFacts: Hashable, Sendable {
    /// The day.
    public let day: TrafficDay
    /// Requests on it.
    public let requests: Int
    /// Of those, the ones whose texts can be read.
    public let withTexts: Int
    /// Of those, the ones that carry a label.
    public let labelled: Int
    /// When the newest of them ended; nil when there is none.
    public let newest: Timestamp?
    /// Bytes of its files.
    public let bytes: Int64
    /// What is wrong with its files; nil when they can be read.
    public let problem: String?
}

/// Size and age of files: while they are the same, so is what was read from them.
struct FileStamp: Hashable {
    /// Bytes of all of them.
    private(set) var bytes: Int64 = 0
    private var times: [Int64] = []

    /// The files of a day.
    init(folder: String, day: TrafficDay) {
        for ending in ["db", "db-wal", "seg"] { add("\(folder)/\(day).\(ending)") }
    }

    /// One file; nothing when there is none.
    init(path: String) { add(path) }

    private mutating func add(_ path: String) {
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            times.append(0)
            return
        }
        bytes += Int64(facts.st_size)
        #if os(Linux)
            times.append(Int64(facts.st_mtim.tv_sec) * 1_000_000_000 + Int64(facts.st_mtim.tv_nsec))
        #else
            times.append(Int64(facts.st_mtimespec.tv_sec) * 1_000_000_000 + Int64(facts.st_mtimespec.tv_nsec))
        #endif
    }
}
