import CanaryJudge
import RegistryRecords
import RegistryTypes
import TestSupport
import UserDocuments

/// The end-to-end suite of the reference vectors, protocol canary-judge/1.
struct JudgeVectors: Decodable {
    struct Suite: Decodable {
        let name: String
        let relativeTolerance: Double
        let absoluteTolerance: Double
        /// Only the judge's own suite has cases of this shape.
        let cases: [Case]

        enum CodingKeys: String, CodingKey {
            case name, cases
            case relativeTolerance = "rel_tol"
            case absoluteTolerance = "abs_tol"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.decode(String.self, forKey: .name)
            relativeTolerance = try container.decode(Double.self, forKey: .relativeTolerance)
            absoluteTolerance = try container.decode(Double.self, forKey: .absoluteTolerance)
            cases = name == "judge_end_to_end" ? try container.decode([Case].self, forKey: .cases) : []
        }

        func agrees(_ expected: Double?, _ found: Double?) -> Bool {
            guard let expected, let found else { return expected == nil && found == nil }
            return abs(expected - found) <= max(absoluteTolerance, relativeTolerance * abs(expected))
        }
    }

    struct Case: Decodable {
        let id: String
        let request: Request
        let expected: Expected
    }

    struct Request: Decodable {
        struct Policy: Decodable {
            let alpha_fail: Double?
            let alpha_pass: Double?
            let min_n: Int?
            let max_missing: Double?
        }

        struct Metric: Decodable {
            let name: String
            let type: UserDocuments.Metric.Kind
            let worse: Worse
            let margin: Double
            let tolerate: Double?
            let tail_factor: Double?
            let tail_margin: Double?
            let slo: Double?
            let slo_margin: Double?
            let gating: Bool?
            let critical: Bool?
            let veto_count: Int?
        }

        let mode: Pairing
        let policy: Policy?
        let metrics: [Metric]
        let baseline: [String: [Double?]]
        let candidate: [String: [Double?]]

        func judged() -> Judgment {
            var rules = JudgePolicy()
            rules.minimumPairs = policy?.min_n ?? 50
            if let value = policy?.alpha_fail { rules.alphaFail = value }
            if let value = policy?.alpha_pass { rules.alphaPass = value }
            if let value = policy?.max_missing { rules.maxMissing = value }
            let definitions = metrics.map { metric in
                var definition = CheckDefinition(
                    name: metric.name,
                    metric: metric.name,
                    type: metric.type,
                    worse: metric.worse,
                    margin: metric.margin
                )
                definition.tolerate = metric.tolerate ?? 0
                definition.tailFactor = metric.tail_factor
                if let margin = metric.tail_margin { definition.tailMargin = margin }
                definition.limit = metric.slo
                if let margin = metric.slo_margin { definition.limitMargin = margin }
                definition.watchOnly = metric.gating == false
                definition.critical = metric.critical ?? false
                definition.vetoCount = metric.veto_count
                return definition
            }
            let samples = Dictionary(
                metrics.map {
                    ($0.name, MetricSamples(baseline: baseline[$0.name] ?? [], candidate: candidate[$0.name] ?? []))
                },
                uniquingKeysWith: { first, _ in first }
            )
            return judge(definitions, samples: samples, policy: rules, pairing: mode)
        }
    }

    struct Expected: Decodable {
        struct Check: Decodable {
            let metric: String
            let check: String
            let n: Int
            let estimate: Double?
            let lower: Double?
            let upper: Double?
            let p_harm: Double?
            let p_adj: Double?
            let verdict: Verdict
        }

        let verdict: Verdict
        let checks: [Check]
    }

    let suites: [Suite]

    static func suite() throws -> Suite? {
        try ReferenceVectors.read(.canary, as: JudgeVectors.self)?.suites.first { $0.name == "judge_end_to_end" }
    }
}
