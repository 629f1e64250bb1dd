import CanaryJudge
import RegistryRecords
import RegistryTypes
import Testing
import TrafficLog
import UserDocuments

@testable import Replay

/// A set of captured requests seldom says what should come: what decides then, and what is never passed over.
@Suite struct UnlabelledTests {
    /// 300 pairs: the first `labelled` say what should come, and in the first `changed` the candidate's answer differs.
    private func judgment(labelled: Int, changed: Int) throws -> Judgment {
        let document = CanaryDocument(
            name: try Name("tickets"),
            compare: CanaryDocument.Comparison(traffic: try Name("captured"), requests: 300),
            checks: [
                CanaryCheck(name: "answers correct", metric: .exactMatch, margin: 0.02, isCritical: true),
                CanaryCheck(name: "answered", metric: .availability, margin: 0.02),
            ]
        )
        let pairs = (0..<300).map { index in
            MeasuredPair(
                request: TrafficRequest(id: "\(index)", variables: [:], expected: index < labelled ? "yes" : nil),
                baseline: Sample(text: "yes"),
                candidate: Sample(text: index < changed ? "no" : "yes")
            )
        }
        let measurements = CanaryMeasurements(document: document, pairs: pairs, schema: nil)
        return judge(
            measurements.definitions,
            samples: measurements.samples,
            policy: measurements.policy,
            pairing: .paired
        ).noting(measurements.unapplied, nil)
    }

    /// Labels, changed answers, and: the checks that were made, the verdict, whether correctness did not apply.
    @Test(
        arguments: [
            (300, 0, ["exact_match", "availability"], Verdict.pass, false),
            (300, 60, ["exact_match", "availability"], .fail, false),
            (0, 0, ["baseline_agreement", "availability"], .pass, true),
            (0, 60, ["baseline_agreement", "availability"], .fail, true),
            (60, 0, ["baseline_agreement", "availability"], .pass, true),
            // Enough of them are labelled: those alone are judged, and the others are not missing.
            (290, 0, ["exact_match", "availability"], .pass, false),
        ]
    )
    func whatDecides(_ labelled: Int, _ changed: Int, _ metrics: [String], _ verdict: Verdict, _ isUnapplied: Bool)
        throws
    {
        let judgment = try judgment(labelled: labelled, changed: changed)
        #expect(judgment.checks.map(\.metric) == metrics)
        #expect(judgment.verdict == verdict)
        #expect((judgment.unapplied != nil) == isUnapplied)
        #expect(judgment.checks[0].margin == 0.02)
        #expect(judgment.checks[0].critical)
    }

    @Test func theReportSaysWhatDecidedInstead() throws {
        let none = try judgment(labelled: 0, changed: 0)
        #expect(
            none.reasons.last
                == "answers correct: not applicable, no request of the set says what should come; "
                + "agreement with the baseline decided instead"
        )
        #expect(
            try judgment(labelled: 60, changed: 0).reasons.last
                == "answers correct: not applicable, only 60 of 300 requests say what should come, and it takes 100; "
                + "agreement with the baseline decided instead"
        )
    }
}
