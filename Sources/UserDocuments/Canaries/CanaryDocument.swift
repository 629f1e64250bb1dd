import Digests
public import RegistryTypes
import StrictJSON
import StrictYAML

/// A canary: which requests are replayed through two releases, and by how much the candidate may be worse.
public struct CanaryDocument: DigestedContent, Hashable, Sendable, Codable {
    /// Which release the candidate is compared with.
    public enum Baseline: Hashable, Sendable {
        /// The release that a channel points to.
        case channel(Name)
        /// A release of the same model, by number.
        case release(Int)
    }

    /// What is compared.
    public struct Comparison: Hashable, Sendable, Codable {
        /// The traffic set.
        public let traffic: Name
        /// Pairs to compare.
        public let requests: Int
        /// The seed of the order and of the coin within each pair; nil lets the server draw one.
        public let seed: UInt64?
        /// Pairs after which the run is looked at again, to stop as soon as the answer is known; nil for one look at its end.
        public let lookEvery: Int?
        /// Pairs to which the run extends by itself where ``requests`` do not decide; nil for no extension.
        public let extendTo: Int?
        /// The other release; nil for the one live in the channel that is asked about.
        public let against: Baseline?

        /// A comparison over `requests` requests of `traffic`.
        public init(
            traffic: Name,
            requests: Int,
            seed: UInt64? = nil,
            lookEvery: Int? = nil,
            extendTo: Int? = nil,
            against: Baseline? = nil
        ) {
            self.traffic = traffic
            self.extendTo = extendTo
            self.lookEvery = lookEvery
            self.requests = requests
            self.seed = seed
            self.against = against
        }
    }

    /// How often the verdict may be wrong.
    public struct Promise: Hashable, Sendable, Codable {
        /// The chance of failing a candidate that is not worse, over all checks together.
        public let wronglyReject: Double
        /// The chance of passing a candidate that is at the margin, per check.
        public let wronglyPass: Double

        /// The most that a critical check may be wrongly passed.
        public static let criticalWronglyPass = 0.01

        /// A promise; 1 % and 5 % unless said otherwise.
        public init(wronglyReject: Double = 0.01, wronglyPass: Double = 0.05) {
            self.wronglyReject = wronglyReject
            self.wronglyPass = wronglyPass
        }
    }

    /// The name.
    public let name: Name
    /// What is compared.
    public let compare: Comparison
    /// How often the verdict may be wrong.
    public let promise: Promise
    /// The checks in the order of the file; at least one decides.
    public let checks: [CanaryCheck]
    /// Which kinds of requests are told apart; nil for none, as in documents of before.
    public let slices: Slices?

    /// A canary document.
    public init(
        name: Name,
        compare: Comparison,
        promise: Promise = Promise(),
        checks: [CanaryCheck],
        slices: Slices? = nil
    ) {
        self.slices = slices
        self.name = name
        self.compare = compare
        self.promise = promise
        self.checks = checks
    }
}

extension CanaryDocument.Baseline: Codable, CustomStringConvertible {
    /// Reads `production` or `r12`; nil when the text is neither.
    public init?(_ text: String) {
        switch (try? Reference("model@\(text)"))?.selector {
        case .channel(let name): self = .channel(name)
        case .release(let number): self = .release(number)
        case .live, .version, nil: return nil
        }
    }

    public var description: String {
        switch self {
        case .channel(let name): name.text
        case .release(let number): "r\(number)"
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "neither a channel nor a release")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension CanaryDocument {
    /// Reads what follows the name; nil when anything is wrong, with the problems in `reader`.
    static func read(name: Name, _ reader: inout MappingReader) -> CanaryDocument? {
        let compare = reader.mapping("compare", isRequired: true, read: Comparison.read)
        let promise =
            reader.has("promise")
            ? reader.mapping("promise") { promise -> Promise? in
                let reject = promise.percent("wronglyReject", in: 0.0001...0.2)
                let pass = promise.percent("wronglyPass", in: 0.0001...0.2)
                guard promise.isClean else { return nil }
                let usual = Promise()
                return Promise(
                    wronglyReject: reject ?? usual.wronglyReject,
                    wronglyPass: pass ?? usual.wronglyPass
                )
            } : Promise()
        let checks = reader.mappings("checks", isRequired: true, owner: { "check \($0)" }, read: CanaryCheck.read)
        if let checks {
            if !checks.contains(where: { !$0.isWatchOnly }) {
                reader.refuse("no check decides: a canary needs at least one without watchOnly", at: "checks")
            }
            for (index, check) in checks.enumerated() where checks[..<index].contains(where: { $0.name == check.name })
            {
                let node = reader.elements(of: "checks")[index]
                reader.add(.refused("check name \"\(check.name)\" occurs twice: give each its own", node.position))
            }
        }
        let slices = reader.has("slices") ? reader.mapping("slices") { Slices.read(checks ?? [], &$0) } : nil
        guard reader.isClean, let compare, let promise, let checks else { return nil }
        return CanaryDocument(name: name, compare: compare, promise: promise, checks: checks, slices: slices)
    }
}

extension CanaryDocument.Comparison {
    /// The most looks that the error rates are spent over.
    public static let maxLooks = 100

    /// The smallest `lookEvery` of a run of so many pairs where this document's would look more often than ``maxLooks`` times;
    /// nil where it would not.
    public func neededLookEvery(requests: Int) -> Int? {
        Self.neededLookEvery(lookEvery, requests: requests, extendTo: extendTo)
    }

    /// An extension is a stage of its own, with as many looks.
    private static func neededLookEvery(_ lookEvery: Int?, requests: Int, extendTo: Int?) -> Int? {
        guard let step = lookEvery ?? extendTo.map({ _ in requests }) else { return nil }
        let longest = max(requests, (extendTo ?? 0) - requests)
        return longest > maxLooks * step ? (longest + maxLooks - 1) / maxLooks : nil
    }

    fileprivate static func read(_ reader: inout MappingReader) -> Self? {
        let traffic = reader.value("traffic", isRequired: true, expected: "the name of a traffic set") { try? Name($0) }
        let requests = reader.integer("requests", in: 1...1_000_000, isRequired: true)
        let seed = reader.integer("seed", in: 0...Int.max)
        let lookEvery = reader.integer("lookEvery", in: 1...1_000_000)
        let extendTo = reader.integer("extendTo", in: 1...1_000_000)
        if let extendTo, let requests, extendTo <= requests {
            reader.refuse("an extension goes beyond the \(requests) requests of the run", at: "extendTo")
        } else if let requests,
            let step = neededLookEvery(lookEvery, requests: requests, extendTo: extendTo)
        {
            reader.refuse(
                "a run is looked at up to \(maxLooks) times: write "
                    + (lookEvery == nil ? "lookEvery: \(step)" : "\(step)") + " or more",
                at: lookEvery == nil ? "extendTo" : "lookEvery"
            )
        }
        let against = reader.value("against", expected: "a channel such as production, or a release such as r12") {
            CanaryDocument.Baseline($0)
        }
        guard reader.isClean, let traffic, let requests else { return nil }
        return Self(
            traffic: traffic,
            requests: requests,
            seed: seed.map(UInt64.init),
            lookEvery: lookEvery,
            extendTo: extendTo,
            against: against
        )
    }
}
