import Foundation
import Synchronization

/// Places where a test can make the process crash, as a power cut would: `SERIN_FAILPOINT=upload.synced` kills it with
/// SIGKILL when it first comes there, `SERIN_FAILPOINT=upload.partWritten:3` the third time.
public enum Failpoint {
    private struct Armed {
        let name: String
        let count: Int
    }

    private static let armed: Armed? = ProcessInfo.processInfo.environment["SERIN_FAILPOINT"].flatMap { text in
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard let name = parts.first else { return nil }
        return Armed(name: name, count: parts.count == 2 ? Int(parts[1]) ?? 1 : 1)
    }
    private static let hits = Atomic(0)

    /// Crashes here if this place is armed and its turn has come.
    public static func hit(_ name: String) {
        guard let armed, armed.name == name,
            hits.add(1, ordering: .relaxed).newValue >= armed.count
        else { return }
        kill(getpid(), SIGKILL)
    }
}
