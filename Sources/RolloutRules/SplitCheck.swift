import Foundation
import Statistics

/// Whether the traffic is split as the policy says: the same evidence, about requests instead of bad events, in both
/// directions. It decides nothing, because the comparisons use the split as it was; it is told.
struct SplitCheck: Hashable, Sendable {
    private var tooMany = RateRatioEvidence()
    private var tooFew = RateRatioEvidence()
    /// Latched.
    private(set) var isOff = false

    /// Evidence of 1000 to 1 says that the split is off.
    private static let limit = log(1000.0)

    mutating func add(candidate: Int, heldBack: Int, holdback: Double) {
        guard !isOff, tooMany.add(share: 1 - holdback, candidate: candidate, baseline: heldBack),
            tooFew.add(share: holdback, candidate: heldBack, baseline: candidate)
        else { return }
        let larger = max(tooMany.logEvidence, tooFew.logEvidence)
        let smaller = min(tooMany.logEvidence, tooFew.logEvidence)
        isOff = larger + log1p(exp(smaller - larger)) - log(2) >= Self.limit
    }
}

extension SplitCheck: Codable {
    private enum CodingKeys: String, CodingKey { case tooMany, tooFew, isOff }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func evidence(_ key: CodingKeys) throws -> RateRatioEvidence {
            guard let evidence = RateRatioEvidence(logEvidencePerRatio: try values.decode([Double].self, forKey: key))
            else {
                throw DecodingError.dataCorruptedError(forKey: key, in: values, debugDescription: "not evidence")
            }
            return evidence
        }
        tooMany = try evidence(.tooMany)
        tooFew = try evidence(.tooFew)
        isOff = try values.decode(Bool.self, forKey: .isOff)
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(tooMany.logEvidencePerRatio, forKey: .tooMany)
        try values.encode(tooFew.logEvidencePerRatio, forKey: .tooFew)
        try values.encode(isOff, forKey: .isOff)
    }
}
