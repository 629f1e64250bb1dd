import StrictYAML

/// One line of a canary: a metric, and by how much it may be worse.
public struct CanaryCheck: Hashable, Sendable, Codable {
    /// How many requests may get much slower than before, each compared with itself.
    public struct Tail: Hashable, Sendable, Codable {
        /// A request counts as much slower when its time grew by more than this factor; over 1.
        public let factor: Double
        /// The share of the requests that may, in 0...1.
        public let share: Double

        /// At most `share` of the requests may get slower by more than `factor`.
        public init(factor: Double, share: Double) {
            self.factor = factor
            self.share = share
        }
    }

    /// How many more requests may take longer than a fixed time.
    public struct Limit: Hashable, Sendable, Codable {
        /// The time, in seconds.
        public let seconds: Double
        /// By how much the share of the requests over it may grow, in 0...1.
        public let share: Double

        /// At most `share` more of the requests may take longer than `seconds`.
        public init(seconds: Double, share: Double) {
            self.seconds = seconds
            self.share = share
        }
    }

    /// The name a person gave it, such as `answers correct`.
    public let name: String
    /// What is compared.
    public let metric: Metric
    /// What the metric is told; nil where it needs nothing, as in documents of before.
    public let parameters: MetricParameters?
    /// The degradation that is allowed, over 0: a share for yes-or-no metrics and for scores from 0 to 1 (0.02 is 2 points),
    /// a relative growth for durations and amounts (0.1 is 10 %), nats per token for log-probabilities.
    public let margin: Double
    /// How many requests may get much slower; nil when this is not asked. Only for durations.
    public let slowerThan: Tail?
    /// How many more requests may go over a fixed time; nil when this is not asked. Only for durations.
    public let over: Limit?
    /// Whether wrongly passing it is held to 1 % instead of the document's `wronglyPass`.
    public let isCritical: Bool
    /// Whether the check is shown and decides nothing.
    public let isWatchOnly: Bool

    /// A check of a canary.
    public init(
        name: String,
        metric: Metric,
        parameters: MetricParameters? = nil,
        margin: Double,
        slowerThan: Tail? = nil,
        over: Limit? = nil,
        isCritical: Bool = false,
        isWatchOnly: Bool = false
    ) {
        self.name = name
        self.metric = metric
        self.parameters = parameters == MetricParameters() ? nil : parameters
        self.margin = margin
        self.slowerThan = slowerThan
        self.over = over
        self.isCritical = isCritical
        self.isWatchOnly = isWatchOnly
    }

    /// What is measured.
    public var measure: Measure { Measure(metric, parameters ?? MetricParameters()) }

    private enum CodingKeys: String, CodingKey {
        case name, metric, parameters, margin, slowerThan, over
        case isCritical = "critical"
        case isWatchOnly = "watchOnly"
    }
}

extension CanaryCheck {
    static func read(_ reader: inout MappingReader) -> CanaryCheck? {
        let name = reader.value("name", isRequired: true, expected: "1 to 80 bytes on one line") { text in
            (1...80).contains(text.utf8.count) && text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) ? text : nil
        }
        if let name { reader.owner = "check \"\(name)\"" }
        let metric = reader.choice("metric", isRequired: true, as: Metric.self)
        let isCritical = reader.flag("critical")
        let isWatchOnly = reader.flag("watchOnly")
        if isCritical == true, isWatchOnly == true {
            reader.refuse("a check that is only watched decides nothing: it cannot be critical", at: "critical")
        }
        guard let metric else {
            reader.allowAnything()
            return nil
        }
        let otherKey = metric.higherIsWorse ? "mayDrop" : "mayGrow"
        if reader.contains(otherKey) {
            reader.allow([otherKey])
            let direction = metric.higherIsWorse ? "grows" : "drops"
            reader.refuse(
                "\"\(otherKey)\" does not fit: \(metric.rawValue) is worse when it \(direction), "
                    + "write \(metric.marginKey)",
                at: otherKey
            )
        }
        let parameters = MetricParameters.read(metric, &reader)
        let margin = readMargin(of: metric, &reader)
        var tail: Tail?
        var limit: Limit?
        if metric.kind == .duration {
            tail = reader.mapping("slowerThan") { tail -> Tail? in
                let factor = tail.number("factor", in: 1.01...100, isRequired: true)
                let share = readShare(&tail)
                guard let factor, let share else { return nil }
                return Tail(factor: factor, share: share)
            }
            limit = reader.mapping("over") { over -> Limit? in
                let seconds = over.duration("limit", in: 0.000_1...86_400, isRequired: true)
                let share = readShare(&over)
                guard let seconds, let share else { return nil }
                return Limit(seconds: seconds, share: share)
            }
        }
        guard reader.isClean, let name, let margin else { return nil }
        return CanaryCheck(
            name: name,
            metric: metric,
            parameters: parameters,
            margin: margin,
            slowerThan: tail,
            over: limit,
            isCritical: isCritical ?? false,
            isWatchOnly: isWatchOnly ?? false
        )
    }

    static func readMargin(of metric: Metric, _ reader: inout MappingReader) -> Double? {
        let key = metric.marginKey
        guard reader.has(key) else { return metric.defaultMargin }
        return switch metric.kind {
        case .binary:
            reader.quantity(
                key,
                units: [.points],
                in: 0.000_1...1,
                expected: "points of a share, over 0 and at most 100, such as 2 points"
            )
        case .duration, .amount:
            reader.quantity(
                key,
                units: [.percent],
                in: 0.000_1...10,
                expected: "a relative growth over 0 %, such as 10 %"
            )
        case .score where metric.isShare:
            reader.quantity(
                key,
                units: [.points],
                in: 0.000_1...1,
                expected: "points of a score from 0 to 1, over 0 and at most 100, such as 2 points"
            )
        case .score:
            reader.quantity(
                key,
                units: [.nats],
                in: 0.000_001...100,
                expected: "nats per token over 0, such as 0.01 nats"
            )
        }
    }

    private static func readShare(_ reader: inout MappingReader) -> Double? {
        reader.quantity(
            "share",
            units: [.percent, .points],
            in: 0.000_1...0.5,
            expected: "a share of the requests over 0 and at most 50 %, such as 1 %",
            isRequired: true
        )
    }
}
