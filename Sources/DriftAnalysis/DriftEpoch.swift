public import Digests
import Foundation
public import Statistics

/// What must be equal for two summaries to be added: the reference model and the random features.
public struct DriftEpoch: Hashable, Sendable, Codable {
    /// How the features of embeddings are drawn.
    public struct Features: Hashable, Sendable, Codable {
        /// The seed of the random features.
        public let seed: UInt64
        /// Length of an embedding.
        public let width: Int
        /// The squared width of the kernel: the median squared distance of two prompts of the reference.
        public let medianSquaredDistance: Double

        /// Makes the value from its fields.
        public init(seed: UInt64, width: Int, medianSquaredDistance: Double) {
            self.seed = seed
            self.width = width
            self.medianSquaredDistance = medianSquaredDistance
        }

        /// Draws the features; nil when the width or the distance is not positive.
        public func drawn() -> RandomFeatures? {
            guard (1...DriftEpoch.widthLimit).contains(width) else { return nil }
            return RandomFeatures(seed: seed, width: width, medianSquaredDistance: medianSquaredDistance)
        }
    }

    /// D: half the number of random features.
    public static let frequencies = 128
    /// The longest embedding that is taken.
    static let widthLimit = 16_384

    /// The reference model that scored the prompts; nil when none did.
    public let referenceModel: Digest?
    /// The random features; nil without embeddings.
    public let features: Features?

    /// The names under which the first builds stored the members; the name of an epoch is their digest.
    private enum CodingKeys: String, CodingKey {
        case features
        case referenceModel = "yardstick"
    }

    /// An epoch.
    public init(referenceModel: Digest? = nil, features: Features? = nil) {
        self.referenceModel = referenceModel
        self.features = features
    }

    /// An epoch whose kernel is as wide as the median distance of `embeddings` (at most the first 500 are used);
    /// without embeddings when there are fewer than 2, or all are the same.
    public init(referenceModel: Digest, embeddings: [[Float]], seed: UInt64) {
        let rows = embeddings.prefix(500).map { $0.map(Double.init) }
        let distance = KernelTwoSample.medianSquaredDistance(rows).flatMap { $0 > 0 ? $0 : nil }
        self.init(
            referenceModel: referenceModel,
            features: distance.flatMap { distance in
                rows.first.map { Features(seed: seed, width: $0.count, medianSquaredDistance: distance) }
            }
        )
    }
}
