import RegistryTypes
import ServiceLevels
import Synchronization
import UserDocuments

/// How the channels did lately, by minute: what a person looks at first. Service levels are counted elsewhere.
final class HealthMeter: Sendable {
    /// A channel of a model.
    struct Key: Hashable, Sendable {
        let model: Name
        let channel: Name
    }

    /// One minute of a channel.
    struct Minute: Sendable {
        /// Requests that say something about the service.
        var requests = 0
        /// Those of them that were not answered.
        var failed = 0
        /// Total times of answers.
        var totalSeconds = LatencyHistogram()
    }

    /// The last minutes of a channel, summed up.
    struct Reading: Sendable {
        /// Requests a second over the last full or begun minute; nil without any.
        let requestsPerSecond: Double?
        /// Over the last 5 minutes.
        let errorShare: Double?
        /// Over the last 5 minutes.
        let p50Seconds: Double?
        /// Over the last 5 minutes.
        let p95Seconds: Double?
        /// By minute over the last 30, oldest first.
        let p95History: [Double?]
        /// By minute over the last 30, oldest first.
        let requestHistory: [Int]
        /// When the newest request ended.
        let newest: Timestamp?
    }

    private struct Course: Sendable {
        var minutes: [Int64: Minute] = [:]
        /// Requests by second, for the last minute.
        var seconds: [Int64: Int] = [:]
        var newest: Timestamp

        func isAhead(of time: Timestamp) -> Bool {
            newest.seconds - time.seconds > BurnWindows.believedLeapSeconds
        }
    }

    private let courses = Mutex<[Key: Course]>([:])
    private static let historyMinutes: Int64 = 30
    private static let currentMinutes: Int64 = 5
    private static let rateSeconds: Int64 = 60

    /// Counts a request of an application that asked for a channel.
    func add(_ record: RequestRecord) {
        guard let channel = record.channel, record.source == .user, record.outcome.isValidEvent else { return }
        let key = Key(model: record.model, channel: channel)
        courses.withLock { courses in
            var course = courses[key] ?? Course(newest: record.time)
            // A clock that stepped back adds to the newest minute: the past is not written again. One that ran far ahead
            // and came back begins anew, else the channel would look fresh until it is there again.
            if course.isAhead(of: record.time) { course = Course(newest: record.time) }
            course.newest = max(course.newest, record.time)
            let second = course.newest.seconds
            let minute = second / 60
            course.minutes[minute, default: Minute()].requests += 1
            if record.outcome == .answered {
                course.minutes[minute]?.totalSeconds.add(seconds: record.totalSeconds)
            } else {
                course.minutes[minute]?.failed += 1
            }
            course.seconds[second, default: 0] += 1
            if course.minutes.count > 2 * Int(Self.historyMinutes) {
                course.minutes = course.minutes.filter { $0.key > minute - Self.historyMinutes }
            }
            if course.seconds.count > 2 * Int(Self.rateSeconds) {
                course.seconds = course.seconds.filter { $0.key > second - Self.rateSeconds }
            }
            courses[key] = course
        }
    }

    /// The channels that were asked since the server began.
    var asked: [Key] { courses.withLock { Array($0.keys) } }

    /// How a channel does at `now`.
    func reading(_ model: Name, _ channel: Name, now: Timestamp) -> Reading {
        let known = courses.withLock { $0[Key(model: model, channel: channel)] }
        guard let course = known, !course.isAhead(of: now) else {
            return Reading(
                requestsPerSecond: nil,
                errorShare: nil,
                p50Seconds: nil,
                p95Seconds: nil,
                p95History: [],
                requestHistory: [],
                newest: nil
            )
        }
        let second = now.seconds
        let minute = second / 60
        var current = Minute()
        for index in (minute - Self.currentMinutes + 1)...minute {
            guard let part = course.minutes[index] else { continue }
            current.requests += part.requests
            current.failed += part.failed
            current.totalSeconds.merge(part.totalSeconds)
        }
        let recent = course.seconds.filter { $0.key > second - Self.rateSeconds && $0.key <= second }
        let sum = recent.values.reduce(0, +)
        let since = recent.keys.min().map { Double(max(1, second - $0)) }
        let history = (minute - Self.historyMinutes + 1)...minute
        return Reading(
            requestsPerSecond: since.map { Double(sum) / min(Double(Self.rateSeconds), max(1, $0)) },
            errorShare: current.requests > 0 ? Double(current.failed) / Double(current.requests) : nil,
            p50Seconds: current.totalSeconds.quantile(0.5),
            p95Seconds: current.totalSeconds.quantile(0.95),
            p95History: history.map { course.minutes[$0]?.totalSeconds.quantile(0.95) },
            requestHistory: history.map { course.minutes[$0]?.requests ?? 0 },
            newest: course.newest
        )
    }
}
