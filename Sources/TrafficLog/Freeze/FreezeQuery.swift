import RegistryTypes

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
