import RegistryRecords
import RegistryTypes
import Testing
import TrafficLog

@testable import Replay

/// Which pairs a reviewer sees first.
@Suite struct WorstPairsTests {
    private func pair(_ id: String, _ baseline: Sample, _ candidate: Sample) -> MeasuredPair {
        MeasuredPair(
            request: TrafficRequest(id: id, variables: ["ticket": id], expected: "yes"),
            baseline: baseline,
            candidate: candidate
        )
    }

    @Test func worstFirstThenTheOrderOfTheRun() {
        let yes = Sample(text: "yes")
        let pairs = [
            pair("same", yes, yes),
            pair("better", Sample(text: "no"), yes),
            pair("other words", Sample(text: "no"), Sample(text: "nope")),
            pair("wrong", yes, Sample(text: "no")),
            pair("refused", yes, Sample(text: "I'm sorry, no")),
            pair("wrong too", yes, Sample(text: "no")),
            pair("nothing", yes, Sample(error: "out of memory")),
            pair("both failed", Sample(error: "a"), Sample(error: "b")),
        ]
        let shown = WorstPairs.select(from: pairs, document: Demo.document, schema: nil, limit: 20)
        #expect(
            shown.map(\.request) == ["nothing", "refused", "wrong", "wrong too", "other words", "better"]
        )
        #expect(shown[0].worse == ["exact_match", "availability", "refusal"])
        #expect(shown[0].candidate.error == "out of memory")
        #expect(shown[2].worse == ["exact_match"])
        #expect(
            WorstPairs.select(from: pairs, document: Demo.document, schema: nil, limit: 2) == Array(shown.prefix(2))
        )
    }

    @Test(
        arguments: [
            (["ticket": "hello"], "hello"), (["b": "2", "a": "1"], "a: 1\nb: 2"), ([:], ""),
        ] as [([String: String], String)]
    )
    func showsWhatWasAsked(_ variables: [String: String], _ text: String) {
        #expect(WorstPairs.input(of: TrafficRequest(id: "1", variables: variables)) == text)
    }
}
