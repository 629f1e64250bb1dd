/// The events of one series within 10 seconds or a minute, as they are stored.
public struct SLIBucket: Hashable, Sendable, Codable {
    /// The length of a fine bucket, in seconds.
    public static let fineSeconds = 10
    /// The length of a coarse bucket, in seconds.
    public static let coarseSeconds = 60
    /// For how long fine buckets are counted from, in seconds: the longest window that they fill.
    public static let fineSpanSeconds = 7200

    /// When it starts, in seconds since 1970, a multiple of ``seconds``.
    public let start: Int64
    /// How long it is: 10 or 60 seconds.
    public let seconds: Int
    /// Events that count.
    public let valid: Int
    /// Those of them that were bad.
    public let bad: Int

    /// The events of `seconds` from `start` on.
    public init(start: Int64, seconds: Int, valid: Int, bad: Int) {
        self.start = start
        self.seconds = seconds
        self.valid = valid
        self.bad = bad
    }

    /// The events.
    public var counts: SLICounts { SLICounts(valid: valid, bad: bad) }

    /// The start of the fine bucket that holds `second`.
    public static func fineStart(_ second: Int64) -> Int64 { second - modulo(second, Int64(fineSeconds)) }

    /// The start of the minute that holds `second`.
    public static func coarseStart(_ second: Int64) -> Int64 { second - modulo(second, Int64(coarseSeconds)) }

    /// The second from which on fine buckets must be kept at `now`; older ones may be merged into minutes. A minute is
    /// never half merged.
    public static func fineNeeded(at now: Int64) -> Int64 { coarseStart(now - Int64(fineSpanSeconds)) }

    /// The same events with the fine buckets that start before `second` merged into minutes. `buckets` and the result
    /// are sorted by time; `second` is a multiple of 60.
    public static func merged(_ buckets: [SLIBucket], before second: Int64) -> [SLIBucket] {
        var result: [SLIBucket] = []
        for bucket in buckets {
            guard bucket.start < second else {
                result.append(bucket)
                continue
            }
            let start = coarseStart(bucket.start)
            var counts = bucket.counts
            if let last = result.last, last.start == start, last.seconds == coarseSeconds {
                counts += last.counts
                result.removeLast()
            }
            result.append(SLIBucket(start: start, seconds: coarseSeconds, valid: counts.valid, bad: counts.bad))
        }
        return result
    }

    private static func modulo(_ value: Int64, _ divisor: Int64) -> Int64 {
        let rest = value % divisor
        return rest < 0 ? rest + divisor : rest
    }
}
