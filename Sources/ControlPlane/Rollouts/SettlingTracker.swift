import Catalog
import Logging
import RegistryRecords
import RegistryTypes
import Synchronization

/// What releases answered that are live and that nobody watches: the first of a channel, and those whose policy asks for
/// no probation. They settle when they have answered, not before. Counts begin again with the process: it takes a few
/// requests more then.
final class SettlingTracker: Sendable {
    private struct Key: Hashable, Sendable {
        let model: Name
        let channel: Name
    }

    private struct Counts: Sendable {
        let release: Int
        let move: Int
        var answered = 0
        var failed = 0
    }

    private let channels = Mutex<[Key: Counts]>([:])

    /// Counts a request of an application.
    func add(_ record: RequestRecord) {
        guard let channel = record.channel, record.source == .user, record.arm == .live, record.outcome.isValidEvent
        else { return }
        let key = Key(model: record.model, channel: channel)
        channels.withLock { channels in
            guard channels[key]?.release == record.release else { return }
            if record.outcome == .answered { channels[key]?.answered += 1 } else { channels[key]?.failed += 1 }
        }
    }

    /// Looks at the channels whose live release settles by answering.
    ///
    /// - Returns: Those that have answered enough.
    func step(_ state: ServingState) -> [ChannelSettled] {
        channels.withLock { channels in
            var kept: [Key: Counts] = [:]
            for served in state.channels where served.rollout == nil && served.record.settlesByAnswering {
                let record = served.record
                let key = Key(model: record.model, channel: record.channel)
                let known = channels[key].flatMap { $0.move == record.move.seq ? $0 : nil }
                kept[key] = known ?? Counts(release: record.release, move: record.move.seq)
            }
            channels = kept
            return kept.sorted { $0.value.move < $1.value.move }.compactMap { key, counts in
                guard ChannelSettled.isServed(answered: counts.answered, failed: counts.failed) else { return nil }
                return ChannelSettled(
                    model: key.model,
                    channel: key.channel,
                    release: counts.release,
                    move: counts.move,
                    answered: counts.answered,
                    failed: counts.failed
                )
            }
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
