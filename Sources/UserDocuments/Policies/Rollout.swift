/// How a release comes into a channel, and how long it is watched there.
public struct Rollout: Hashable, Sendable, Codable {
    /// How the traffic moves.
    public enum Strategy: String, Codable, Sendable, CaseIterable {
        /// All of it at once.
        case direct
    }

    /// How the traffic moves.
    public let strategy: Strategy
    /// How long the release is watched before it is settled, in seconds; 0 settles at once.
    public let probationSeconds: Double
    /// The share of the traffic that stays on the release before during the watch, in 0...0.5.
    public let holdback: Double

    /// A rollout; all at once and without a watch unless said otherwise.
    public init(strategy: Strategy = .direct, probationSeconds: Double = 0, holdback: Double = 0) {
        self.strategy = strategy
        self.probationSeconds = probationSeconds
        self.holdback = holdback
    }
}

/// What takes a release back while it is watched.
public enum RollbackTrigger: Hashable, Sendable {
    /// The error budget burns `rate` times too fast over both windows, in seconds.
    case burn(rate: Double, longSeconds: Double, shortSeconds: Double)
    /// `what` became worse than under the release before; wrongly said in at most `error` of the cases.
    case worseThanPrevious(what: String, error: Double)
    /// The engine failed this many times.
    case engineFailures(Int)
}

extension RollbackTrigger: Codable {
    private enum CodingKeys: String, CodingKey {
        case burn, longSeconds, shortSeconds, worseThanPrevious, error, engineFailures
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if let rate = try values.decodeIfPresent(Double.self, forKey: .burn) {
            self = try .burn(
                rate: rate,
                longSeconds: values.decode(Double.self, forKey: .longSeconds),
                shortSeconds: values.decode(Double.self, forKey: .shortSeconds)
            )
        } else if let what = try values.decodeIfPresent(String.self, forKey: .worseThanPrevious) {
            self = try .worseThanPrevious(what: what, error: values.decode(Double.self, forKey: .error))
        } else {
            self = try .engineFailures(values.decode(Int.self, forKey: .engineFailures))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .burn(let rate, let longSeconds, let shortSeconds):
            try values.encode(rate, forKey: .burn)
            try values.encode(longSeconds, forKey: .longSeconds)
            try values.encode(shortSeconds, forKey: .shortSeconds)
        case .worseThanPrevious(let what, let error):
            try values.encode(what, forKey: .worseThanPrevious)
            try values.encode(error, forKey: .error)
        case .engineFailures(let count):
            try values.encode(count, forKey: .engineFailures)
        }
    }
}
