public import Digests
public import RegistryRecords
public import RegistryTypes
import Wording

/// Freezes an uploaded file as a traffic set.
public struct TrafficImport: Hashable, Sendable, Codable {
    /// The blob of the uploaded JSONL.
    public let digest: Digest

    /// Makes the value from its fields.
    public init(digest: Digest) {
        self.digest = digest
    }
}

/// All about a traffic set.
public struct TrafficView: Hashable, Sendable, Codable {
    /// The set.
    public let record: TrafficRecord
    /// How often each tag occurs, most frequent first, at most 50.
    public let tags: [TagCount]
    /// The first requests, at most 10.
    public let sample: [TrafficRequest]
    /// The canaries that used it, newest first, at most 20.
    public let usedBy: [CanaryRecord]
    /// How many of its requests ask something of their own; nil from a server of an older build.
    public let different: Int?

    /// Makes the value from its fields.
    public init(
        record: TrafficRecord,
        tags: [TagCount],
        sample: [TrafficRequest],
        usedBy: [CanaryRecord],
        different: Int? = nil
    ) {
        self.different = different
        self.record = record
        self.tags = tags
        self.sample = sample
        self.usedBy = usedBy
    }
}

/// How often a tag has a value.
public struct TagCount: Hashable, Sendable, Codable {
    /// The tag.
    public let tag: String
    /// The value.
    public let value: String
    /// Requests with it.
    public let count: Int

    /// Makes the value from its fields.
    public init(tag: String, value: String, count: Int) {
        self.tag = tag
        self.value = value
        self.count = count
    }
}

/// Asks for captured requests to be frozen as a traffic set.
public struct FreezeRequest: Hashable, Sendable, Codable {
    /// Only this model's; nil when the log holds one model only.
    public let model: Name?
    /// Not before.
    public let since: Timestamp?
    /// Before.
    public let until: Timestamp?
    /// Only requests with these values: `release`, `arm`, `outcome`, `key`, `labelled` (`yes`, `no`), `correct` (`yes`, `no`), `valid` (`yes`, `no`).
    public let filter: [String: String]
    /// At most so many, drawn by `seed`.
    public let sample: Int?
    /// Which sample; nil means 0.
    public let seed: UInt64?

    /// Makes the value from its fields.
    public init(
        model: Name? = nil,
        since: Timestamp? = nil,
        until: Timestamp? = nil,
        filter: [String: String],
        sample: Int? = nil,
        seed: UInt64? = nil
    ) {
        self.model = model
        self.since = since
        self.until = until
        self.filter = filter
        self.sample = sample
        self.seed = seed
    }
}

/// A traffic set frozen from captured requests.
public struct FreezeAnswer: Hashable, Sendable, Codable {
    /// The set.
    public let record: TrafficRecord
    /// Requests that fitted.
    public let matched: Int
    /// Of those, the ones in the set.
    public let taken: Int
    /// Of those, the ones that say what should come.
    public let labelled: Int
    /// Requests left out, by reason.
    public let skipped: [String: Int]
    /// Requests in the set of which only callers said what should come, words that do not count; nil where there are none.
    public let unbacked: Int?

    /// Makes the value from its fields.
    public init(
        record: TrafficRecord,
        matched: Int,
        taken: Int,
        labelled: Int,
        skipped: [String: Int],
        unbacked: Int? = nil
    ) {
        self.unbacked = unbacked
        self.record = record
        self.matched = matched
        self.taken = taken
        self.labelled = labelled
        self.skipped = skipped
    }
}

extension TrafficImported {
    /// How many requests it holds, such as `350 requests, 51 different` or `9 requests, 4 of them conversations`: what is asked
    /// again shows nothing new.
    ///
    /// - Parameter counted: How many are different, where that was counted now; what the log says when nil.
    public func requestsText(different counted: Int? = nil) -> String {
        var all = NumberText.count(requests, "request")
        if let conversations {
            let some = "\(NumberText.count(conversations)) of them conversations"
            let whole = requests == 1 ? "a conversation" : "all conversations"
            all += ", \(conversations == requests ? whole : some)"
        }
        guard let different = counted ?? different, different < requests else { return all }
        return "\(all), \(NumberText.count(different)) different"
    }
}
