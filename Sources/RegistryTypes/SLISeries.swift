public import Digests

/// Which events a stored bucket holds: one SLO as it counts now, one release of one model, one arm.
public struct SLISeries: Hashable, Sendable, Codable {
    /// The SLO's name.
    public let slo: Name
    /// How it counts: ``SLODocument/countingDigest()``.
    public let definition: Digest
    /// The model.
    public let model: Name
    /// The number of the release that answered.
    public let release: Int
    /// Why that release answered.
    public let arm: TrafficArm

    /// The series of a release.
    public init(slo: Name, definition: Digest, model: Name, release: Int, arm: TrafficArm) {
        self.slo = slo
        self.definition = definition
        self.model = model
        self.release = release
        self.arm = arm
    }
}

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

/// How many events counted, and how many of those were bad.
public struct SLICounts: Hashable, Sendable, Codable {
    /// Events that count.
    public private(set) var valid: Int
    /// Those of them that were bad, at most ``valid``.
    public private(set) var bad: Int

    /// Nothing.
    public static let zero = SLICounts(valid: 0, bad: 0)
    /// The most events that are counted; more than any service sees in a century.
    private static let maxEvents = 1 << 60

    /// Counts; what lies outside 0...2^60, or is bad without being valid, is brought to the nearest that can be.
    public init(valid: Int, bad: Int) {
        self.valid = min(max(valid, 0), Self.maxEvents)
        self.bad = min(max(bad, 0), self.valid)
    }

    /// Events that were good.
    public var good: Int { valid - bad }

    /// The share that was good, in 0...1; nil without events.
    public var share: Double? { valid > 0 ? Double(good) / Double(valid) : nil }

    /// The share that was bad, in 0...1; nil without events.
    public var badShare: Double? { valid > 0 ? Double(bad) / Double(valid) : nil }

    /// Both together.
    public static func + (left: Self, right: Self) -> Self {
        Self(valid: left.valid &+ right.valid, bad: left.bad &+ right.bad)
    }

    /// Adds `right`.
    public static func += (left: inout Self, right: Self) { left = left + right }

    /// What is left of `left` without `right`, never under zero.
    public static func - (left: Self, right: Self) -> Self {
        Self(valid: left.valid - right.valid, bad: left.bad - right.bad)
    }
}
