import RegistryRecords
import RegistryTypes
import TestSupport
import Testing

@Suite(.needsVectors(.canary))
struct JudgeVectorTests {
    /// What the protocol calls the aspects of a check.
    private func protocolName(_ aspect: String) -> String {
        switch aspect {
        case "amount": "mean-ratio"
        case "limit": "slo"
        case "score": "centre"
        default: aspect
        }
    }

    @Test func agreesWithTheReferenceJudge() throws {
        let suite = try #require(try JudgeVectors.suite())
        for vector in suite.cases {
            let judgment = vector.request.judged()
            #expect(judgment.verdict == vector.expected.verdict, "\(vector.id) \(judgment.reasons)")
            #expect(judgment.checks.count == vector.expected.checks.count, "\(vector.id)")
            for (found, expected) in zip(judgment.checks, vector.expected.checks) {
                let place = "\(vector.id) \(expected.metric) \(expected.check): \(found.reason)"
                #expect(found.metric == expected.metric, "\(place)")
                #expect(protocolName(found.aspect) == expected.check, "\(place)")
                #expect(found.samples == expected.n, "\(place)")
                #expect(found.verdict == expected.verdict, "\(place)")
                let numbers = [
                    (found.estimate, expected.estimate), (found.lower, expected.lower), (found.upper, expected.upper),
                    (found.pDegradation, expected.p_harm), (found.pAdjusted, expected.p_adj),
                ]
                for (number, wanted) in numbers {
                    // Not inside the macro: a failure would print the whole suite.
                    let agrees = suite.agrees(wanted, number)
                    #expect(agrees, "\(place), \(wanted as Any) became \(number as Any)")
                }
            }
        }
    }
}
