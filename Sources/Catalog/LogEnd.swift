public import Digests
import DurableFiles
import GRDB

/// How the end of the log stands to the event that was acknowledged last.
public enum LogEnd: Hashable, Sendable {
    /// The acknowledged event is there, as it was.
    case whole
    /// The folder is of a build that kept no second head; it has one from now on.
    case firstKept
    /// The second head was there and is gone or unreadable: whether events are missing at the end cannot be said.
    case headLost(isDamaged: Bool)
    /// The second head is there and may not be read, or cannot be now: whether events are missing is not known until it can.
    case headUnreadable(reason: String)
    /// Events that were acknowledged are gone: the log ends at `found`.
    case shorter(acknowledged: AcknowledgedHead, found: AcknowledgedHead)
    /// The event with the acknowledged number is another one than was acknowledged.
    case rewritten(acknowledged: AcknowledgedHead, found: AcknowledgedHead)

    /// Compares what the file beside the log says with the log.
    ///
    /// - Parameters:
    ///   - content: What was in the file.
    ///   - wasKept: Whether the log says that there was a file before.
    ///   - last: The end of the log.
    ///   - hash: The hash of an event by its number; nil for none.
    init(
        _ content: HeadFile.Content,
        wasKept: Bool,
        last: AcknowledgedHead,
        hash: (Int) throws -> Digest?
    ) rethrows {
        switch content {
        case .missing: self = wasKept ? .headLost(isDamaged: false) : .firstKept
        case .damaged: self = .headLost(isDamaged: true)
        case .unreadable(let reason): self = .headUnreadable(reason: reason)
        case .head(let head):
            if head.seq > last.seq {
                self = .shorter(acknowledged: head, found: last)
            } else if head.seq > 0, try hash(head.seq) != head.hash {
                self = .rewritten(acknowledged: head, found: last)
            } else {
                self = .whole
            }
        }
    }

    /// What was acknowledged and is not there as it was; nil when nothing is missed.
    public var loss: LogLoss? {
        switch self {
        case .whole, .firstKept, .headLost, .headUnreadable: nil
        case .shorter(let acknowledged, let found), .rewritten(let acknowledged, let found):
            LogLoss(acknowledged: acknowledged, found: found)
        }
    }
}

/// Events that were acknowledged and are not in the log as they were.
public struct LogLoss: Hashable, Sendable {
    /// The newest event that was acknowledged.
    public let acknowledged: AcknowledgedHead
    /// The end of the log as it is.
    public let found: AcknowledgedHead

    /// Makes the value from its fields.
    public init(acknowledged: AcknowledgedHead, found: AcknowledgedHead) {
        self.acknowledged = acknowledged
        self.found = found
    }

    /// A log of which nobody knows how far it went after the event `found`.
    public init(unknownAfter found: (seq: Int, hash: Digest)) {
        acknowledged = AcknowledgedHead(seq: found.seq, hash: found.hash)
        self.found = acknowledged
    }

    /// What is wrong, in one line.
    public var title: String {
        found.seq < acknowledged.seq
            ? "the log ends at event #\(found.seq), and #\(acknowledged.seq) was acknowledged: \(missing) missing"
            : "event #\(acknowledged.seq) is not the one that was acknowledged"
    }

    private var missing: String {
        let count = acknowledged.seq - found.seq
        return count == 1 ? "1 event is" : "\(count) events are"
    }
}

extension Catalog {
    /// Why the second head of a log that is not opened cannot be read; nil where it can, or is not there.
    public static func headProblem(besides path: String) -> String? {
        if case .unreadable(let reason) = HeadFile(path: path + ".head").read() { reason } else { nil }
    }

    /// Compares the end of the log with the second head, and brings the head up to the log where nothing is missed.
    func compareHead() throws -> LogEnd {
        let content = headFile.read()
        let (end, last) = try pool.read { database in
            let state = CatalogState(database)
            let head = try state.head()
            let last = AcknowledgedHead(seq: head.seq, hash: head.hash)
            let wasKept =
                try state.texts("SELECT value FROM setting WHERE name = ?", [ProjectionTables.headSetting]).first != nil
            let end = try LogEnd(content, wasKept: wasKept, last: last) { seq in
                try state.first("SELECT hash FROM event WHERE seq = ?", [seq]) { try $0.digest(0) }
            }
            return (end, last)
        }
        guard end.loss == nil else { return end }
        do {
            if content != .head(last) { try headFile.replace(with: last) }
            // After the file: a crash in between makes the file once more.
            if end != .whole { try noteThatHeadIsKept() }
        } catch is FileError {
            // The log is whole: a full disk keeps no server from starting. The next change tries again.
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {}
        return end
    }

    private func noteThatHeadIsKept() throws {
        try pool.write { database in
            try database.execute(
                sql: "INSERT INTO setting (name, value) VALUES (?, 'kept') ON CONFLICT (name) DO NOTHING",
                arguments: [ProjectionTables.headSetting]
            )
        }
    }
}
