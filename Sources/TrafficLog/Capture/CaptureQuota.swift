import RegistryTypes

/// How many bytes of texts each key may leave on the disk on one day: what comes on top is kept without its texts, so that no
/// caller takes the disk from the others. Counted since the server started.
///
/// Each day has its own count, as it has its own files: a clock that was ahead for a while leaves nobody without texts until
/// that day comes.
struct CaptureQuota {
    /// The most bytes of texts of one key on one day.
    let limitBytes: Int
    /// The days that were written to, the newest use last.
    private var days: [(day: TrafficDay, use: Use)] = []

    /// What was taken on one day.
    private struct Use {
        var bytes: [Name: Int] = [:]
        /// Keys that had texts left out.
        var full: Set<Name> = []
    }

    /// The most bytes of texts of a request that was refused: enough for what explains it.
    static let refusedBytes = 16 << 10
    /// Keys whose bytes are counted on one day. Of further ones no texts are kept that day: what nobody counts has no bound.
    static let maxKeys = 10_000
    /// Days that are counted: more than one, because a clock may step over midnight and back.
    private static let maxDays = 4

    /// Nothing was taken yet.
    init(limitBytes: Int) { self.limitBytes = limitBytes }

    /// Keys that had texts left out on the day of the newest request, as far as they are counted.
    var full: Set<Name> { days.last?.use.full ?? [] }

    /// Whether the texts of a request may be kept, which takes them from what its key has left.
    mutating func take(_ bytes: Int, of record: RequestRecord) -> Bool {
        if record.outcome.isRefused, bytes > Self.refusedBytes { return false }
        return take(bytes, of: record.key, at: record.time)
    }

    /// Whether a key may leave so many bytes of texts, which takes them from what it has left on the day of `time`.
    mutating func take(_ bytes: Int, of key: Name, at time: Timestamp) -> Bool {
        let today = TrafficDay(time)
        var use = Use()
        if let index = days.firstIndex(where: { $0.day == today }) { use = days.remove(at: index).use }
        defer {
            days.append((today, use))
            if days.count > Self.maxDays { days.removeFirst() }
        }
        let used = use.bytes[key]
        guard bytes <= limitBytes - (used ?? 0), used != nil || use.bytes.count < Self.maxKeys else {
            if used != nil || use.full.count < Self.maxKeys { use.full.insert(key) }
            return false
        }
        use.bytes[key] = (used ?? 0) + bytes
        return true
    }
}

extension RequestOutcome {
    /// Whether nothing ran for the request.
    var isRefused: Bool {
        switch self {
        case .rejected, .overloaded, .ownLoad: true
        case .answered, .clientGone, .timedOut, .clientDeadline, .engineFailed: false
        }
    }
}
