public import Digests
public import RegistryTypes
import StrictJSON

/// A canary: which requests are replayed through two releases, and by how much the candidate may be worse.
public struct CanaryDocument: Hashable, Sendable, Codable {
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
        /// The other release; nil for the one live in the channel that is asked about.
        public let against: Baseline?

        /// A comparison over `requests` requests of `traffic`.
        public init(traffic: Name, requests: Int, seed: UInt64? = nil, against: Baseline? = nil) {
            self.traffic = traffic
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

    /// A canary document.
    public init(name: Name, compare: Comparison, promise: Promise = Promise(), checks: [CanaryCheck]) {
        self.name = name
        self.compare = compare
        self.promise = promise
        self.checks = checks
    }

    /// The SHA-256 of the canonical JSON of this document.
    ///
    /// - Throws: `EncodingError`.
    public func digest() throws -> Digest { try Digest(of: CanonicalJSON.encode(self)) }
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
