import RegistryRecords
import RegistryTypes
import StrictJSON
import WireFormat

@testable import Pages

// Pages of what was recorded: sets of traffic, evaluations, the log.

extension PageSamples {
    var records: [(name: String, page: any Page)] {
        let s = samples
        return [
            ("traffic-sets", TrafficSetsPage(ListAnswer(items: [s.trafficRecord]), context: context("/traffic"))),
            (
                "traffic-set",
                TrafficSetPage(
                    TrafficView(
                        record: s.trafficRecord,
                        tags: [
                            TagCount(tag: s.text("intent"), value: s.text("refund"), count: 612),
                            TagCount(tag: "locale", value: "de", count: 380),
                        ],
                        sample: [
                            TrafficRequest(
                                id: s.text("t-1"),
                                variables: [s.text("ticket"): s.text("Order 48213 arrived broken. What now?")],
                                expected: s.text(#"{"intent":"refund","order":"48213","priority":"high"}"#)
                            ),
                            TrafficRequest(
                                id: s.text("t-2"),
                                content: .messages(
                                    (0..<13).map {
                                        ChatMessage(
                                            role: $0 % 2 == 0 ? .user : .assistant,
                                            text: s.text("turn \($0 + 1)")
                                        )
                                    }
                                ),
                                settings: ["temperature": .number(0.5)],
                                conversation: s.text("c-7")
                            ),
                        ],
                        usedBy: [s.canary(2, of: 2, .fail)]
                    ),
                    context: context("/traffic/week47")
                )
            ),
            (
                "evaluation",
                EvaluationPage(
                    EvaluationView(
                        job: "job-3",
                        release: s.releaseID(2),
                        suite: s.golden,
                        progress: WorkProgress(done: 300, total: 300, elapsedSeconds: 9),
                        record: s.evaluations[1],
                        result: EvaluationResult(
                            scores: s.scores(good: 199),
                            failures: [
                                .init(
                                    request: s.text("g-7"),
                                    input: s.text("refund 12009 pls"),
                                    expected: s.text(#"{"order":"12009"}"#),
                                    answer: s.text(#"{"order":"12099"}"#)
                                )
                            ],
                            seconds: 9
                        )
                    ),
                    context: context("/evaluations/e-52")
                )
            ),
            (
                "evaluation-running",
                EvaluationPage(
                    EvaluationView(
                        job: "job-4",
                        release: s.releaseID(3),
                        suite: s.golden,
                        progress: WorkProgress(done: 30, total: 300, elapsedSeconds: 1)
                    ),
                    context: context("/evaluations/job-4")
                )
            ),
            (
                "evaluation-problem",
                EvaluationPage(
                    EvaluationView(
                        job: "job-5",
                        release: s.releaseID(3),
                        suite: s.golden,
                        progress: WorkProgress(done: 0, total: 300, elapsedSeconds: 0),
                        problem: problem
                    ),
                    context: context("/evaluations/job-5")
                )
            ),
            (
                "audit",
                AuditPage(
                    ListAnswer(items: s.events.map(AuditEntry.init), next: "1"),
                    filter: .init(kind: s.hostile, subject: s.hostile, who: s.hostile, since: s.hostile),
                    chain: ChainView(events: 43, head: s.text("3fa1")),
                    context: context("/audit?verify=1")
                )
            ),
            (
                "audit-broken",
                AuditPage(
                    ListAnswer(items: []),
                    filter: .init(),
                    chain: ChainView(
                        events: 43,
                        head: "3fa1",
                        firstBadEvent: 17,
                        problem: s.text("hash does not match")
                    ),
                    context: context("/audit?verify=1")
                )
            ),
        ]
    }
}
