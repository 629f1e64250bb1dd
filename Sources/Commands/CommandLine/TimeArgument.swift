import ArgumentParser
import RegistryTypes

/// A length of time as a person writes it: `90s`, `10m`, `10 min`, `1.5h`, `7d`.
struct WaitLimit: Hashable, Sendable, ExpressibleByArgument {
    let seconds: Double

    init?(argument: String) {
        let text = argument.trimmed
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let value = Double(number), value > 0, value.isFinite else { return nil }
        switch String(text.dropFirst(number.count)).trimmed {
        case "", "s": seconds = value
        case "ms": seconds = value / 1000
        case "m", "min": seconds = value * 60
        case "h": seconds = value * 3600
        case "d": seconds = value * 86400
        default: return nil
        }
        guard seconds <= 366 * 86400 else { return nil }
    }
}

extension String {
    /// Without spaces at either end.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

/// Moments and stretches of time as a person writes them.
enum TimeArgument {
    /// `2h` (that long ago), `2026-11-21` (in UTC), `2026-11-21T10:00Z` or all of RFC 3339 with its zone; nil stays nil.
    ///
    /// - Throws: ``CommandsError/badArgument(name:value:problem:example:)``.
    static func read(_ text: String?, flag: String, now: Timestamp) throws(CommandsError) -> Timestamp? {
        guard let text else { return nil }
        // A bare number is no moment: 2026 would be half an hour ago.
        let isBare = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if !isBare, let length = WaitLimit(argument: text) { return now.adding(seconds: -length.seconds) }
        if let time = Timestamp(written: text) { return time }
        throw .badArgument(
            name: flag,
            value: text,
            problem: "it is no length of time from 1 ms on that the calendar holds, and no moment with its zone",
            example: "\(flag) 2h, \(flag) 2026-11-21 or \(flag) 2026-11-21T10:00:00Z"
        )
    }

    /// Both ends of a stretch, either of which may be open.
    ///
    /// - Throws: ``CommandsError/badArgument(name:value:problem:example:)``, also when the end is not after the start.
    static func range(
        since: String?,
        until: String?,
        now: Timestamp
    ) throws(CommandsError) -> (since: Timestamp?, until: Timestamp?) {
        let start = try read(since, flag: "--since", now: now)
        let end = try read(until, flag: "--until", now: now)
        if let start, let end, end <= start {
            throw .badArgument(
                name: "--until",
                value: until ?? "",
                problem: "it is not after --since \(since ?? "")",
                example: "--since 2h --until 1h"
            )
        }
        return (start, end)
    }

    /// `2026-11-01/7d`: a start and a length.
    ///
    /// - Throws: ``CommandsError/badArgument(name:value:problem:example:)``.
    static func window(_ text: String, flag: String) throws(CommandsError) -> (since: Timestamp, until: Timestamp) {
        let parts = text.utf8.split(separator: 0x2f, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 2, let start = Timestamp(written: parts[0]), let length = WaitLimit(argument: parts[1])
        else {
            throw .badArgument(
                name: flag,
                value: text,
                problem: "it is no start and length in UTC",
                example: "\(flag) 2026-11-01/7d or \(flag) 2026-11-21T10:00:00Z/90min"
            )
        }
        return (start, start.adding(seconds: length.seconds))
    }
}
