import CanaryJudge
import Foundation
import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments

/// Whatever comes in, an answer comes out: no trap, no not-a-number, never a pass.
struct HostileTests {
    static let values: [Double?] = [
        nil, .nan, .infinity, -.infinity, 0, -0.0, 1, -1, 0.5, 1e308, -1e308, .leastNonzeroMagnitude, 1e-300,
    ]
    static let numbers: [Double] = [.nan, .infinity, -.infinity, 0, -1, 1e308, .leastNonzeroMagnitude, 0.5, 1, 2]

    static func isSound(_ judgment: Judgment) -> Bool {
        judgment.checks.allSatisfy { check in
            [
                check.estimate, check.lower, check.upper, check.pDegradation, check.pAdjusted, check.detectable,
                check.baseline,
                check.candidate, check.margin,
            ]
            .allSatisfy { $0?.isFinite ?? true } && !check.reason.isEmpty
        } && (try? JSONEncoder().encode(judgment)) != nil
    }

    @Test(arguments: Metric.Kind.allCases, [Pairing.paired, .unpaired])
    func anyValues(type: Metric.Kind, pairing: Pairing) {
        var random = Seeded(11)
        for round in 0..<300 {
            let count = round % 7 == 0 ? round % 3 : 60 + round % 200
            func arm(_ size: Int) -> [Double?] {
                // Half of the rounds: mostly ordinary values with one hostile kind among them.
                let hostile = Self.values.randomElement(using: &random) ?? nil
                return (0..<size).map { _ in
                    round.isMultiple(of: 2)
                        ? Self.values.randomElement(using: &random) ?? nil
                        : random.uniform() < 0.02 ? hostile : type == .binary ? 1 : 1 + random.uniform()
                }
            }
            let samples = MetricSamples(baseline: arm(count), candidate: arm(max(0, count - round % 2)))
            let definition = CheckDefinition.make("m", type, worse: round % 3 == 0 ? .lower : .higher, margin: 0.05) {
                $0.tailFactor = 1.5
                $0.limit = 1.5
                $0.rateLimit = round % 5 == 0 ? 0.01 : nil
            }
            let sound = Self.isSound(judge([definition], samples: ["m": samples], pairing: pairing))
            #expect(sound)
        }
    }

    @Test(arguments: Metric.Kind.allCases)
    func anyDefinitionAndPolicy(type: Metric.Kind) {
        var random = Seeded(12)
        let ordinary = (0..<400).map { index -> Double in type == .binary ? 1 : 1 + Double(index % 17) / 10 }
        let samples = MetricSamples.changed(ordinary) {
            type == .binary ? ($0 % 90 == 0 ? 0 : 1) : $1 + Double($0 % 3) / 50
        }
        for round in 0..<500 {
            func any() -> Double { Self.numbers.randomElement(using: &random) ?? 0 }
            let definition = CheckDefinition.make("m", type, margin: any()) {
                $0.tolerate = any()
                $0.tailFactor = any()
                $0.tailMargin = any()
                $0.limit = any()
                $0.limitMargin = any()
                $0.rateLimit = any()
                $0.vetoCount = [nil, 0, -1, Int.max].randomElement(using: &random) ?? nil
                $0.minimumPairs = [nil, 0, -1, Int.max].randomElement(using: &random) ?? nil
            }
            var policy = JudgePolicy()
            if round.isMultiple(of: 2) {
                policy.alphaFail = any()
                policy.alphaPass = any()
                policy.criticalAlphaPass = any()
                policy.maxMissing = any()
            }
            for pairing in [Pairing.paired, .unpaired] {
                let sound = Self.isSound(judge([definition], samples: ["m": samples], policy: policy, pairing: pairing))
                #expect(sound)
            }
        }
    }

    @Test func arraysOfDifferentLengthMissTheRest() {
        let definition = CheckDefinition.make("m", .score, margin: 0.05)
        let samples = MetricSamples(
            baseline: [Double?](repeating: 1, count: 200),
            candidate: [Double?](repeating: 1, count: 150)
        )
        let judgment = judge([definition], samples: ["m": samples])
        #expect(judgment.verdict == .inconclusive)
        #expect(judgment.checks[0].missing == 50)
    }

    @Test func nothingToJudgeIsNotAPass() {
        #expect(judge([], samples: [:]).verdict == .inconclusive)
        #expect(judge([.make("m", .binary, margin: 0.01)], samples: [:]).verdict == .inconclusive)
    }
}
