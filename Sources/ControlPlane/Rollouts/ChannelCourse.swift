import DurableFiles
import Foundation
import Logging
import RegistryRecords
import RegistryTypes
import StrictJSON

/// What the live release of a channel answered since it came in.
struct ChannelCourse: Hashable, Sendable, Codable {
    /// A channel of a model.
    struct Key: Hashable, Sendable, Codable {
        let model: Name
        let channel: Name
    }

    let key: Key
    /// The release, and the event of the move that brought it.
    let release: Int
    let move: Int
    /// Whether it was counted from the move on; not where a build before kept nothing.
    let isWhole: Bool
    /// Answers that say how it serves, and are not known to be bad.
    private(set) var answered = 0
    /// Requests without an answer, and answers known to be bad.
    private(set) var failed = 0
    /// When the release was asked last; nil when it was not since it came in.
    private(set) var newest: Timestamp?
    /// When the channel was asked last, whichever release answered.
    private(set) var asked: Timestamp?

    /// The course of a channel from now on, after `known`, which another move began.
    init(_ record: ChannelRecord, after known: ChannelCourse?) {
        key = Key(model: record.model, channel: record.channel)
        release = record.release
        move = record.move.seq
        // The first move of a channel is followed before anybody can ask it.
        isWhole = known != nil
        asked = known?.asked
    }

    /// Counts a request to the channel.
    mutating func add(_ record: RequestRecord, _ telling: TellingAnswers) {
        asked = record.time
        guard record.arm == .live, record.release == release else { return }
        newest = record.time
        if record.outcome != .answered {
            failed += 1
        } else if telling.contain(record) {
            if record.releaseValidity == false { failed += 1 } else { answered += 1 }
        }
    }

    /// Whether the live release was asked since it came in.
    ///
    /// - Parameter channelNewest: When the newest request to the channel came, as far as it is known.
    func wasAsked(since moved: Timestamp, channelNewest: Timestamp?) -> Bool {
        newest != nil || !isWhole && channelNewest.map { $0 >= moved } ?? false
    }
}

/// The courses of all channels on disk, replaced as a whole with the roll-ups.
struct ChannelFile: Sendable {
    private let url: URL

    /// The file `channels.json` of a data folder.
    init(folder: URL) { url = folder.appending(path: "channels.json") }

    /// What was stored; nothing where the file is missing or cannot be read: then a few answers more are needed.
    func read() -> [ChannelCourse] {
        guard let data = try? Data(contentsOf: url) else { return [] }
        return (try? JSONText.decode([ChannelCourse].self, from: data)) ?? []
    }

    /// Moves a file away that cannot be read; says so.
    static func unreadable(_ aside: SetAside) -> String? {
        aside.movingUnreadable("channels.json", loss: "what live releases answered is counted anew") {
            (try? JSONText.decode([ChannelCourse].self, from: $0)) != nil
        }
    }

    /// Stores the courses. They are not synced: after a power cut a few answers more are needed.
    func store(_ courses: [ChannelCourse], _ logger: Logger) {
        do {
            try DurableFile.replace(url.path, with: JSONEncoder().encode(courses), isSynced: false)
        } catch {
            logger.warning("what channels answered cannot be stored", metadata: ["error": "\(error)"])
        }
    }
}
