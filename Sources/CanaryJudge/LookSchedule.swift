import Statistics

/// When a run is looked at while its pairs come in. Both kinds of error are spent over the looks, so that an answer that is
/// known early is as sure as one at the end.
public struct LookSchedule: Codable, Sendable, Hashable {
    /// The pairs that are in at each look, rising; the last one is the most that the run answers by itself.
    public let pairs: [Int]
    /// The pairs at each look of the one extension that was declared before the run; empty for none.
    public let extensionPairs: [Int]

    /// Whether the extension was declared before the run. Else the first stage had both error rates to itself, and the
    /// extension adds its part to them.
    public private(set) var isDeclared = true

    /// What the first stage may spend of both error rates where an extension was declared; the extension has the rest.
    public static let firstStageShare = 0.8

    /// - Returns: nil for looks that do not rise from at least one pair, for none, or for more than a test can have.
    public init?(pairs: [Int], extensionPairs: [Int] = []) {
        let all = pairs + extensionPairs
        guard let first = pairs.first, first > 0, zip(all, all.dropFirst()).allSatisfy({ $0 < $1 }),
            pairs.count <= GroupSequential.maxLooks, extensionPairs.count <= GroupSequential.maxLooks
        else { return nil }
        self.pairs = pairs
        self.extensionPairs = extensionPairs
    }

    /// A look every `step` pairs up to `maximum`, and on to `extended` where that is given.
    ///
    /// - Returns: nil for numbers that make no schedule.
    public init?(every step: Int, upTo maximum: Int, extendedTo extended: Int? = nil) {
        guard step > 0, maximum > 0 else { return nil }
        func looks(from start: Int, to end: Int) -> [Int] {
            // A rest of less than half a step is no look of its own.
            Array(stride(from: start + step, to: end - step / 2, by: step).prefix(GroupSequential.maxLooks + 1)) + [
                end
            ]
        }
        if let extended, extended <= maximum { return nil }
        self.init(
            pairs: looks(from: 0, to: maximum),
            extensionPairs: extended.map { looks(from: maximum, to: $0) } ?? []
        )
    }

    /// The same looks of a run whose extension was asked for when its first stage had ended.
    public var undeclared: LookSchedule {
        var schedule = self
        schedule.isDeclared = false
        return schedule
    }

    /// Pairs without an extension.
    public var maximum: Int { pairs.last ?? 0 }

    /// Every look that there can be.
    public var all: [Int] { pairs + extensionPairs }

    /// The level of each of ``all`` looks at which a chance of `alpha` is kept over all of them together.
    func levels(alpha: Double) -> [Double] {
        guard !extensionPairs.isEmpty, let end = extensionPairs.last else {
            return stage(pairs, of: maximum, alpha: alpha)
        }
        // The extension looks at all pairs again with a rate of its own: whichever stage errs, the two rates add up.
        let first = stage(pairs, of: maximum, alpha: isDeclared ? Self.firstStageShare * alpha : alpha)
        return first + stage(extensionPairs, of: end, alpha: (1 - Self.firstStageShare) * alpha)
    }

    private func stage(_ looks: [Int], of maximum: Int, alpha: Double) -> [Double] {
        let test = GroupSequential(information: looks.map { Double($0) / Double(maximum) }, alpha: alpha)
        return test?.levels ?? [Double](repeating: GroupSequential.smallestLevel, count: looks.count)
    }
}

extension LookSchedule {
    private enum CodingKeys: String, CodingKey {
        case pairs, extensionPairs
    }

    /// Reads looks that make a schedule; others are refused.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let pairs = try container.decode([Int].self, forKey: .pairs)
        let extended = try container.decodeIfPresent([Int].self, forKey: .extensionPairs) ?? []
        guard let schedule = LookSchedule(pairs: pairs, extensionPairs: extended) else {
            throw DecodingError.dataCorruptedError(
                forKey: .pairs,
                in: container,
                debugDescription: "looks must rise from at least one pair, at most \(GroupSequential.maxLooks) of them"
            )
        }
        self = schedule
    }
}
