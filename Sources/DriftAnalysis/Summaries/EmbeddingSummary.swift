import Foundation
import Statistics

/// Mean random features and mean of the embeddings of some requests. Adding is exact and knows no order.
struct EmbeddingSummary: Hashable, Sendable {
    /// A feature is at most 1 / sqrt(128): 2^31 requests fit.
    private static let featureScale = 0x1p32
    private static let valueScale = 0x1p20
    private static let valueLimit = 0x1p12

    /// Requests with an embedding.
    private(set) var count = 0
    /// Requests that should have one and do not.
    private(set) var missing = 0
    /// Sums of the features, in multiples of 2^-32.
    private(set) var features: [Int64] = []
    /// Sums of the embeddings, in multiples of 2^-20.
    private(set) var totals: [Int64] = []

    init() {}

    /// A stored summary; nil when its parts contradict each other.
    init?(count: Int, missing: Int, features: [Int64], totals: [Int64]) {
        guard count >= 0, missing >= 0, features.isEmpty == (count == 0), totals.isEmpty == (count == 0),
            features.isEmpty || features.count == 2 * DriftEpoch.frequencies
        else { return nil }
        self.count = count
        self.missing = missing
        self.features = features
        self.totals = totals
    }

    /// Adds a request; an embedding of another length or with values not finite counts as missing.
    mutating func add(_ embedding: [Float], _ random: RandomFeatures) {
        guard embedding.allSatisfy(\.isFinite), let phi = random.features(of: embedding) else {
            missing += 1
            return
        }
        if features.isEmpty {
            features = [Int64](repeating: 0, count: phi.count)
            totals = [Int64](repeating: 0, count: embedding.count)
        }
        count += 1
        for (k, value) in phi.enumerated() { features[k] &+= Int64((value * Self.featureScale).rounded()) }
        for (k, value) in embedding.enumerated() {
            let held = max(-Self.valueLimit, min(Self.valueLimit, Double(value)))
            totals[k] &+= Int64((held * Self.valueScale).rounded())
        }
    }

    /// Adds a request without an embedding.
    mutating func addMissing() { missing += 1 }

    /// Adds the requests of another summary of the same epoch.
    mutating func merge(_ other: EmbeddingSummary) {
        missing += other.missing
        guard other.count > 0 else { return }
        count += other.count
        features = features.isEmpty ? other.features : zip(features, other.features).map(&+)
        totals = totals.isEmpty ? other.totals : zip(totals, other.totals).map(&+)
    }

    /// Mean of the features; empty without a request.
    var meanFeatures: [Double] { features.map { Double($0) / Self.featureScale / Double(count) } }
}
