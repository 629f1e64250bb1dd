public import RegistryTypes

/// Which captured requests are meant; nil means any.
public struct TrafficFilter: Hashable, Sendable {
    /// The model.
    public var model: Name?
    /// The release that answered.
    public var release: Int?
    /// The version that answered.
    public var version: Int?
    /// The channel that was asked for.
    public var channel: Name?
    /// Why that release answered.
    public var arm: TrafficArm?
    /// What the request was made for.
    public var source: RequestSource?
    /// What became of it.
    public var outcome: RequestOutcome?
    /// The key it came with.
    public var key: Name?
    /// Whether it carries a label.
    public var isLabelled: Bool?
    /// Whether its label says that the answer was right.
    public var isCorrect: Bool?
    /// Whether its label says thumb up.
    public var isLiked: Bool?
    /// Whether the answer fitted the prompt's schema.
    public var isOutputValid: Bool?
    /// It ended then or later.
    public var since: Timestamp?
    /// It ended before then.
    public var until: Timestamp?

    /// Any request.
    public init(model: Name? = nil, since: Timestamp? = nil, until: Timestamp? = nil) {
        self.model = model
        self.since = since
        self.until = until
    }

    /// The names that ``set(_:to:)`` knows.
    public static let terms = [
        "release", "version", "channel", "arm", "source", "outcome", "key", "labelled", "correct", "liked", "valid",
    ]

    /// Narrows the filter by a term as a user writes it, such as `correct` and `yes`.
    ///
    /// - Throws: ``TrafficLogError/badFilter(_:_:why:)``.
    public mutating func set(_ term: String, to value: String) throws(TrafficLogError) {
        func refused(_ why: String) -> TrafficLogError { .badFilter(term, value, why: why) }
        func flag() throws(TrafficLogError) -> Bool {
            switch value {
            case "yes", "true": return true
            case "no", "false": return false
            default: throw refused("write yes or no")
            }
        }
        func number(_ sign: UInt8) throws(TrafficLogError) -> Int {
            let digits = value.utf8.first == sign ? value.utf8.dropFirst() : value.utf8[...]
            guard !digits.isEmpty, digits.allSatisfy(ByteClasses.isDigit), let number = Int(Substring(digits)) else {
                throw refused("write a number")
            }
            return number
        }
        func name() throws(TrafficLogError) -> Name {
            guard let name = try? Name(value) else { throw refused("it is no name") }
            return name
        }
        func word<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) throws(TrafficLogError) -> Word
        where Word.RawValue == String {
            guard let word = Word(rawValue: value) else {
                throw refused("write one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return word
        }
        switch term {
        case "release": release = try number(0x72)
        case "version": version = try number(0x76)
        case "channel": channel = try name()
        case "arm": arm = try word(TrafficArm.self)
        case "source": source = try word(RequestSource.self)
        case "outcome": outcome = try word(RequestOutcome.self)
        case "key": key = try name()
        case "labelled": isLabelled = try flag()
        case "correct": isCorrect = try flag()
        case "liked": isLiked = try flag()
        case "valid": isOutputValid = try flag()
        default: throw refused("filters are " + Self.terms.joined(separator: ", "))
        }
    }

    /// Whether a day can hold any of them.
    func allows(_ day: TrafficDay) -> Bool {
        if let since, day.adding(days: 1).start <= since { return false }
        if let until, day.start >= until { return false }
        return true
    }
}
