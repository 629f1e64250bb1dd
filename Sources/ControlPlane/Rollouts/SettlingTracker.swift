import Catalog
import Logging
import RegistryRecords
import RegistryTypes
import Synchronization

/// What the live release of each channel answered since it came in: what releases settle by that nobody watches (the first
/// of a channel, and those whose policy asks for no probation), and whether a release was asked at all. The counts are
/// stored as they change, so that a restart goes on where they were.
final class SettlingTracker: Sendable {
    private struct State {
        var courses: [ChannelCourse.Key: ChannelCourse]
        var telling: [ChannelCourse.Key: TellingAnswers] = [:]
        var hasChanged = false
    }

    private let state: Mutex<State>

    /// Goes on with what was stored.
    init(_ courses: [ChannelCourse] = []) {
        state = Mutex(State(courses: Dictionary(courses.map { ($0.key, $0) }) { first, _ in first }))
    }

    /// Counts a request of an application.
    func add(_ record: RequestRecord) {
        guard let channel = record.channel, record.source == .user, record.outcome.isValidEvent else { return }
        let key = ChannelCourse.Key(model: record.model, channel: channel)
        state.withLock { state in
            let telling = state.telling[key] ?? TellingAnswers()
            guard state.courses[key]?.add(record, telling) != nil else { return }
            state.hasChanged = true
        }
    }

    /// Follows the channels: a move begins the counts of its channel again.
    func follow(_ served: ServingState) {
        state.withLock { state in
            var kept: [ChannelCourse.Key: ChannelCourse] = [:]
            var telling: [ChannelCourse.Key: TellingAnswers] = [:]
            for channel in served.channels {
                let record = channel.record
                let key = ChannelCourse.Key(model: record.model, channel: record.channel)
                telling[key] = TellingAnswers(channel.live?.plan)
                let known = state.courses[key]
                kept[key] = known?.move == record.move.seq ? known : ChannelCourse(record, after: known)
            }
            state.hasChanged = state.hasChanged || kept != state.courses
            state.courses = kept
            state.telling = telling
        }
    }

    /// What is known of a channel; nil for nothing.
    func course(_ model: Name, _ channel: Name) -> ChannelCourse? {
        state.withLock { $0.courses[ChannelCourse.Key(model: model, channel: channel)] }
    }

    /// All of it, where it changed since it was last taken.
    func takeChanged() -> [ChannelCourse]? {
        state.withLock { state in
            guard state.hasChanged else { return nil }
            state.hasChanged = false
            return state.courses.values.sorted { ($0.key.model, $0.key.channel) < ($1.key.model, $1.key.channel) }
        }
    }

    /// Looks at the channels whose live release settles by answering.
    ///
    /// - Returns: Those that have answered enough.
    func step(_ served: ServingState) -> [ChannelSettled] {
        follow(served)
        return served.channels.filter { $0.rollout == nil && $0.record.settlesByAnswering }
            .compactMap { course($0.record.model, $0.record.channel) }
            .filter { ChannelSettled.isServed(answered: $0.answered, failed: $0.failed) }
            .sorted { $0.move < $1.move }
            .map { course in
                ChannelSettled(
                    model: course.key.model,
                    channel: course.key.channel,
                    release: course.release,
                    move: course.move,
                    answered: course.answered,
                    failed: course.failed
                )
            }
    }
}

/// Writes to the log that a release settled which nobody watches.
struct Settling: Sendable {
    let ledger: Ledger
    let published: PublishedState
    let tracker: SettlingTracker
    let logger: Logger

    /// One step; what cannot be written is tried again in the next one.
    func step() async {
        guard let state = published.current else { return }
        for settled in tracker.step(state) {
            do {
                try await ledger.append(by: .system) { state in
                    // A person may have moved the channel meanwhile.
                    guard let channel = try state.channel(settled.model, settled.channel),
                        channel.move.seq == settled.move, channel.settlesByAnswering,
                        try state.activeRollout(settled.model, settled.channel) == nil
                    else { return Change([]) }
                    return Change([.channelSettled(settled)])
                }
            } catch {
                logger.error(
                    "that a release settled cannot be written",
                    metadata: ["channel": "\(settled.subject)", "error": "\(error)"]
                )
            }
        }
    }
}
