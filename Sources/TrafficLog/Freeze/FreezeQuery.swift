public import RegistryTypes

/// Which captured requests become a traffic set.
public struct FreezeQuery: Hashable, Sendable {
    /// The requests that fit. Without an outcome only answered ones do, and without a source only applications'.
    public var filter: TrafficFilter
    /// At most so many requests, drawn by ``seed``; nil takes all.
    public var sample: Int?
    /// Which sample.
    public var seed: UInt64

    /// The requests of `filter`, or a sample of them.
    public init(_ filter: TrafficFilter, sample: Int? = nil, seed: UInt64 = 0) {
        self.filter = filter
        self.sample = sample
        self.seed = seed
    }

    /// The query in words, such as `model=ticket-bot since=2026-11-21T00:00:00.000Z outcome=answered sample=9 seed=7`:
    /// with the same log it names the same set.
    public var text: String {
        var parts: [String] = []
        func add(_ name: String, _ value: String?) {
            if let value { parts.append("\(name)=\(value)") }
        }
        let filter = effectiveFilter
        add("model", filter.model?.text)
        add("since", filter.since?.description)
        add("until", filter.until?.description)
        add("release", filter.release.map { "r\($0)" })
        add("version", filter.version.map(String.init))
        add("channel", filter.channel?.text)
        add("arm", filter.arm?.rawValue)
        add("source", filter.source?.rawValue)
        add("outcome", filter.outcome?.rawValue)
        add("key", filter.key?.text)
        add("labelled", filter.isLabelled.map { $0 ? "yes" : "no" })
        add("correct", filter.isCorrect.map { $0 ? "yes" : "no" })
        add("liked", filter.isLiked.map { $0 ? "yes" : "no" })
        add("valid", filter.isOutputValid.map { $0 ? "yes" : "no" })
        add("sample", sample.map(String.init))
        add("seed", sample.map { _ in String(seed) })
        return parts.joined(separator: " ")
    }

    /// The filter with what it means when nothing else is said.
    var effectiveFilter: TrafficFilter {
        var filter = filter
        filter.source = filter.source ?? .user
        filter.outcome = filter.outcome ?? .answered
        return filter
    }
}

/// What a freeze found and took.
public struct FreezeFacts: Hashable, Sendable {
    /// Why a request that fitted is not in the set.
    public enum Skip: String, Sendable, CaseIterable {
        /// Its texts were not captured.
        case noTexts = "texts not kept"
        /// Its texts were kept and cannot be read.
        case unreadable = "texts unreadable"
        /// It changed what cannot be asked again: logits of single tokens, or in the records of older builds something that
        /// they do not tell.
        case ownSettings = "settings of their own"
        /// Its own limit or stop text cut its answer short: half an answer measures no release.
        case cutShort = "cut short by their own limit"
        /// The arguments of a call of a tool are no JSON: redaction can make them so.
        case redactedCalls = "calls of tools that are no JSON"
        /// Redaction made the tools that were offered something that is no JSON any more.
        case redactedTools = "tools unreadable after redaction"
        /// The sample was drawn without it.
        case notSampled = "not sampled"
    }

    /// Requests that fitted.
    public internal(set) var matched = 0
    /// Of those, the ones in the set.
    public internal(set) var taken = 0
    /// Of the ones in the set, those that say what should come.
    public internal(set) var labelled = 0
    /// Of the ones in the set, those of which only callers said what should come: words that do not count.
    public internal(set) var unbacked = 0
    /// Of the ones that fitted, those left out, by reason.
    public internal(set) var skipped: [Skip: Int] = [:]
    /// When the first and the last request of the set ended; nil without any.
    public internal(set) var span: ClosedRange<Timestamp>?
    /// The days that could not be read, and why.
    public internal(set) var problems: [TrafficDay: String] = [:]

    init() {}
}

/// Captured requests as a traffic set.
public struct FrozenTraffic: Sendable {
    /// The requests, in the order in which they came.
    public let requests: [TrafficRequest]
    /// What was found and taken.
    public let facts: FreezeFacts
}
