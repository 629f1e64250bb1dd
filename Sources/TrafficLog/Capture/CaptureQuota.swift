import RegistryTypes

/// How many bytes of texts each key may leave on the disk on one day: what comes on top is kept without its texts, so that no
/// caller takes the disk from the others. Counted since the server started.
struct CaptureQuota {
    /// The most bytes of texts of one key on one day.
    let limitBytes: Int
    private var day: TrafficDay?
    private var used: [Name: Int] = [:]

    /// The most bytes of texts of a request that was refused: enough for what explains it.
    static let refusedBytes = 16 << 10
    /// Keys whose bytes are counted; more share one count, so that made-up keys take no memory.
    private static let keys = 10_000

    /// Nothing was taken yet.
    init(limitBytes: Int) { self.limitBytes = limitBytes }

    /// Keys that had texts left out today.
    private(set) var full: Set<Name> = []

    /// Whether the texts of a request may be kept, which takes them from what its key has left.
    mutating func take(_ bytes: Int, of record: RequestRecord) -> Bool {
        if record.outcome.isRefused, bytes > Self.refusedBytes { return false }
        let today = TrafficDay(record.time)
        // A clock that steps back begins no new day.
        if day.map({ $0 < today }) ?? true {
            day = today
            used = [:]
            full = []
        }
        let left = limitBytes - used[record.key, default: 0]
        guard bytes <= left, used.count < Self.keys || used[record.key] != nil else {
            full.insert(record.key)
            return false
        }
        used[record.key, default: 0] += bytes
        return true
    }
}

extension RequestOutcome {
    /// Whether nothing ran for the request.
    fileprivate var isRefused: Bool {
        switch self {
        case .rejected, .overloaded, .ownLoad: true
        case .answered, .clientGone, .timedOut, .clientDeadline, .engineFailed: false
        }
    }
}
