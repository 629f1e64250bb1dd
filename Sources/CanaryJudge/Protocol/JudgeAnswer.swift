import RegistryRecords
import RegistryTypes
import StrictJSON

/// The answer to one line of the protocol canary-judge/1.
struct JudgeAnswer: Encodable {
    struct Check: Encodable {
        let result: CheckResult

        private enum CodingKeys: String, CodingKey {
            case name, metric, check, n, missing, estimate, lower, upper, p_adj, margin, verdict, why, gating
            case n_needed, decided_at, clusters, design_effect
            case pDegradation = "p_harm"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(result.name, forKey: .name)
            try container.encode(result.metric, forKey: .metric)
            try container.encode(Self.word(result.aspect), forKey: .check)
            try container.encode(result.samples, forKey: .n)
            try container.encode(result.missing, forKey: .missing)
            // Unknown is null and not absent: whoever compares finds the member.
            try container.encode(result.estimate, forKey: .estimate)
            try container.encode(result.lower, forKey: .lower)
            try container.encode(result.upper, forKey: .upper)
            try container.encode(result.pDegradation, forKey: .pDegradation)
            try container.encode(result.pAdjusted, forKey: .p_adj)
            try container.encode(result.margin, forKey: .margin)
            try container.encode(result.verdict, forKey: .verdict)
            try container.encode(result.reason, forKey: .why)
            try container.encode(!result.watchOnly, forKey: .gating)
            try container.encode(result.requestsNeeded, forKey: .n_needed)
            try container.encodeIfPresent(result.decidedAt, forKey: .decided_at)
            try container.encodeIfPresent(result.clusters, forKey: .clusters)
            try container.encodeIfPresent(result.designEffect, forKey: .design_effect)
        }

        /// What the protocol calls the aspects of a check.
        private static func word(_ aspect: String) -> String {
            switch aspect {
            case "amount": "mean-ratio"
            case "limit": "slo"
            case "score": "centre"
            case "newly bad": "newly-bad"
            default: aspect
            }
        }
    }

    struct Looks: Encodable {
        let taken: [Int]
        let planned: Int
        let maximum: Int
        let extended: Bool
        let saved: Int
        let why: String

        private enum CodingKeys: String, CodingKey {
            case taken, planned, extended, saved, why
            case maximum = "at_most"
        }
    }

    struct Slice: Encodable {
        let key: String
        let value: String
        let check: String
        let n: Int
        let estimate: Double?
        let lower: Double?
        let upper: Double?
        let p_adj: Double?
        let flagged: Bool
    }

    struct Uneven: Encodable {
        let key: String
        let check: String
        let q: Double
        let p: Double
    }

    let id: JSONValue
    let verdict: Verdict
    let reasons: [String]
    let checks: [Check]
    let looks: Looks?
    let slices: [Slice]?
    let uneven: [Uneven]?

    init(id: JSONValue?, _ judgment: Judgment) {
        self.id = id ?? .null
        verdict = judgment.verdict
        reasons = judgment.reasons
        checks = judgment.checks.map(Check.init)
        looks = judgment.looks.map {
            Looks(
                taken: $0.pairs,
                planned: $0.planned,
                maximum: $0.maximum,
                extended: $0.isExtended,
                saved: $0.pairsSaved,
                why: $0.sentence
            )
        }
        slices = judgment.slices?.map {
            Slice(
                key: $0.key,
                value: $0.value,
                check: $0.check,
                n: $0.samples,
                estimate: $0.estimate,
                lower: $0.lower,
                upper: $0.upper,
                p_adj: $0.pAdjusted,
                flagged: $0.isFlagged
            )
        }
        uneven = judgment.uneven?.map { Uneven(key: $0.key, check: $0.check, q: $0.q, p: $0.p) }
    }
}

/// The answer to a line that is not judged.
struct JudgeRefusal: Encodable {
    let id: JSONValue
    let line: Int
    let error: String
}
