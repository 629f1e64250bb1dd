import Artifacts
import Catalog
import RegistryTypes
import Synchronization
import TrafficLog
import WireFormat
import Wording

/// What is to be said about the data folder: what the start found, what the server found since, and how the files stand now.
final class StoreNotices: Sendable {
    private let catalog: Catalog
    private let traffic: TrafficStore
    private let found = Mutex<[StoreNotice]>([])

    /// The most notices that are kept of what was found; the newest ones.
    private static let kept = 20

    init(_ catalog: Catalog, _ traffic: TrafficStore) {
        self.catalog = catalog
        self.traffic = traffic
    }

    /// Keeps a notice until the server ends.
    func add(_ notice: StoreNotice) {
        found.withLock { found in
            guard !found.contains(notice) else { return }
            found = Array((found + [notice]).suffix(Self.kept))
        }
    }

    /// Takes back what is no longer so.
    func remove(where isOver: (StoreNotice) -> Bool) { found.withLock { $0.removeAll(where: isOver) } }

    /// That nothing can be changed; nil when it can.
    var readOnly: StoreNotice? { catalog.loss.map(Self.lost) }

    /// All of them, what matters most first.
    func all(_ capture: CaptureCounters, fullKeys: [Name]) -> [StoreNotice] {
        var notices: [StoreNotice] = []
        if let readOnly { notices.append(readOnly) }
        if let problem = catalog.headProblem {
            notices.append(
                StoreNotice(
                    .impaired,
                    "the end of the log is not kept a second time: \(problem)",
                    next: "mend the disk, or let the server read and write the file, then start it again"
                )
            )
        }
        if capture.standing == .diskFull {
            notices.append(
                StoreNotice(
                    .impaired,
                    "the disk is full: requests are answered and not captured",
                    next: "free some space: the capture goes on by itself"
                )
            )
        }
        if let first = fullKeys.first {
            let others = fullKeys.count - 1
            notices.append(
                StoreNotice(
                    .impaired,
                    "key \(first)\(others > 0 ? " and \(NumberText.count(others, "other key"))" : "") left as many texts as a key "
                        + "may on one day: its requests are counted, and kept without texts until tomorrow"
                )
            )
        }
        for path in traffic.setAside {
            notices.append(
                StoreNotice(.passed, "captured requests could not be read and were set aside: \(path)")
            )
        }
        return notices + found.withLock { $0 }
    }

    /// The log lacks events that were acknowledged.
    static func lost(_ loss: LogLoss) -> StoreNotice {
        StoreNotice(.readOnly, "\(loss.title); nothing is changed until that is decided", next: next(loss).text)
    }

    /// What ends a log that is shorter than it was.
    static func next(_ loss: LogLoss) -> Advice {
        "stop the server, then put back a copy of the folder, or take the log as it is: \(.serverLogAccept(event: loss.found.seq)) --data FOLDER"
    }
}
