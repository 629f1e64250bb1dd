import Wording

/// What a service level counts. Each one says which events are valid and which of those are good; everything else
/// (replays, health probes, what a client got wrong or gave up, a measurement that is missing) does not count at all.
public enum Indicator: Hashable, Sendable {
    /// Requests that are answered.
    case availability
    /// Unary requests that end within `atMost` seconds of their arrival. Without a limit, here and below, nothing is
    /// counted: how fast a model must be is nobody's to say but its owner's.
    case totalLatency(atMost: Double?)
    /// Streamed requests whose first token comes within `atMost` seconds of their arrival.
    case timeToFirstToken(atMost: Double?)
    /// Answers of at least `minTokens` tokens whose further tokens take at most `atMost` seconds each, on average.
    case timePerOutputToken(atMost: Double?, minTokens: Int)
    /// Answers that fit the schema or are the JSON they should be.
    case validOutput
    /// Answers somebody called right.
    case correctness
    /// Answers with a thumb up.
    case userFeedback

    /// The indicators as documents write them.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// See ``Indicator/availability``.
        case availability
        /// See ``Indicator/totalLatency(atMost:)``.
        case totalLatency
        /// See ``Indicator/timeToFirstToken(atMost:)``.
        case timeToFirstToken
        /// See ``Indicator/timePerOutputToken(atMost:minTokens:)``.
        case timePerOutputToken
        /// See ``Indicator/validOutput``.
        case validOutput
        /// See ``Indicator/correctness``.
        case correctness
        /// See ``Indicator/userFeedback``.
        case userFeedback
    }

    /// The word of a document.
    public var kind: Kind {
        switch self {
        case .availability: .availability
        case .totalLatency: .totalLatency
        case .timeToFirstToken: .timeToFirstToken
        case .timePerOutputToken: .timePerOutputToken
        case .validOutput: .validOutput
        case .correctness: .correctness
        case .userFeedback: .userFeedback
        }
    }

    /// Whether only a sample of the requests is judged, by people: then the interval decides, not the share found.
    public var isSampled: Bool {
        switch self {
        case .correctness, .userFeedback: true
        case .availability, .totalLatency, .timeToFirstToken, .timePerOutputToken, .validOutput: false
        }
    }

    /// Whether it needs a limit that nobody has set: then nothing is counted.
    public var isOff: Bool {
        switch self {
        case .totalLatency(let limit), .timeToFirstToken(let limit), .timePerOutputToken(let limit, _): limit == nil
        case .availability, .validOutput, .correctness, .userFeedback: false
        }
    }

    /// The limit in seconds; nil for an indicator without one.
    public var atMostSeconds: Double? {
        switch self {
        case .totalLatency(let limit), .timeToFirstToken(let limit), .timePerOutputToken(let limit, _): limit
        case .availability, .validOutput, .correctness, .userFeedback: nil
        }
    }

    /// Which events count, in words.
    public var validEvents: String {
        switch self {
        case .availability:
            "requests of applications, without those that were wrong, whose client left, or that waited behind too many of their own key"
        case .totalLatency:
            "unary requests of applications that were answered, timed out, or were given up after the limit"
        case .timeToFirstToken:
            "streamed requests of applications that were answered, or timed out or were given up after the limit without a token"
        case .timePerOutputToken(_, let minTokens):
            "answers to applications of at least \(minTokens) tokens whose pace was measured"
        case .validOutput:
            "answers to applications whose prompt has a schema, made as the release makes them: no sampling, system message or tools of the request's own"
        case .correctness:
            "labels that call an answer right or wrong, at the time of the label"
        case .userFeedback:
            "thumbs of users, at the time of the thumb"
        }
    }

    /// Which of the valid events are good, in words.
    public var goodEvents: String {
        switch self {
        case .availability:
            "answered in full: not overloaded, not timed out, no failure of the engine"
        case .totalLatency(let limit):
            "answered within \(Self.words(limit, "of the arrival"))"
        case .timeToFirstToken(let limit):
            "the first token came within \(Self.words(limit, "of the arrival"))"
        case .timePerOutputToken(let limit, _):
            "at most \(Self.words(limit, "for each token after the first, on average"))"
        case .validOutput:
            "the answer fits the schema"
        case .correctness:
            "right"
        case .userFeedback:
            "thumb up"
        }
    }
}

extension Indicator {
    private static func words(_ limit: Double?, _ rest: String) -> String {
        limit.map { "\(NumberText.setTime($0)) \(rest)" } ?? "a time that nobody has set yet"
    }
}

extension Indicator: Codable {
    private enum CodingKeys: String, CodingKey { case type, atMost, minTokens }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func limit() throws -> Double? { try values.decodeIfPresent(Double.self, forKey: .atMost) }
        switch try values.decode(Kind.self, forKey: .type) {
        case .availability: self = .availability
        case .totalLatency: self = try .totalLatency(atMost: limit())
        case .timeToFirstToken: self = try .timeToFirstToken(atMost: limit())
        case .timePerOutputToken:
            self = try .timePerOutputToken(atMost: limit(), minTokens: values.decode(Int.self, forKey: .minTokens))
        case .validOutput: self = .validOutput
        case .correctness: self = .correctness
        case .userFeedback: self = .userFeedback
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(kind, forKey: .type)
        try values.encodeIfPresent(atMostSeconds, forKey: .atMost)
        if case .timePerOutputToken(_, let minTokens) = self { try values.encode(minTokens, forKey: .minTokens) }
    }
}
