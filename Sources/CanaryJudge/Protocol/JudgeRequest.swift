import RegistryTypes
import StrictJSON
import UserDocuments

/// One line of the protocol canary-judge/1: a run to judge. `docs/statistics.md` says what each member means.
struct JudgeRequest: Decodable {
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
        let rate_limit: Double?
        let newly_bad_limit: Double?
        let min_n: Int?
    }

    /// A value of one request: a number, null, or a list of the numbers of its repeats.
    struct Value: Decodable {
        let number: Double?
        let isRepeated: Bool

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                (number, isRepeated) = (nil, false)
            } else if let single = try? container.decode(Double.self) {
                (number, isRepeated) = (single, false)
            } else {
                let answered = try container.decode([Double?].self).compactMap(\.self)
                number = answered.isEmpty ? nil : answered.reduce(0, +) / Double(answered.count)
                isRepeated = true
            }
        }
    }

    /// What names a request or a group of them: a text or a whole number.
    struct Label: Decodable, Hashable {
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                text = String(number)
            } else {
                text = try container.decode(String.self)
            }
        }
    }

    enum Arm: String, Decodable { case baseline, candidate }

    struct Looks: Decodable {
        let every: Int?
        let maximum: Int?
        let extend_to: Int?
        let at: [Int]?
        let extend_at: [Int]?

        private enum CodingKeys: String, CodingKey {
            case every, extend_to, at, extend_at
            case maximum = "at_most"
        }
    }

    struct Protected: Decodable {
        let key: String
        let value: Label
        let metric: String
        let margin: Double?
    }

    let id: JSONValue?
    let mode: Pairing?
    let policy: Policy?
    let metrics: [Metric]
    let baseline: [String: [Value]]
    let candidate: [String: [Value]]
    let ids: [Label]?
    let clusters: [Label]?
    let first: [Arm]?
    let baseline_again: [String: [Value]]?
    let conditions: [String: [Label]]?
    let slices: [String: [Label?]]?
    let protect: [Protected]?
    let looks: Looks?
}

/// Why a line is not judged, in one sentence.
struct JudgeRequestProblem: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
