import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments
import WireFormat

@testable import Commands

/// Which checks `promote --run-missing` runs for which answer of a policy.
struct MissingChecksTests {
    private let model = try! Name("ticket-bot"), golden = try! Name("golden"), tickets = try! Name("tickets")

    private var policy: PolicyDocument {
        get throws {
            PolicyDocument(
                name: try Name("production"),
                scope: .init(channel: try Name("production"), models: []),
                gates: [
                    Gate(id: try Name("smoke"), level: .mandatory, requirement: .smoke),
                    Gate(id: try Name("card"), level: .mandatory, requirement: .card(CardRequirement(complete: 0.8))),
                    Gate(
                        id: try Name("golden"),
                        level: .overridable,
                        requirement: .evaluation(
                            EvaluationRequirement(suite: golden, metric: .exactMatch, atLeast: 0.93)
                        )
                    ),
                    Gate(
                        id: try Name("canary"),
                        level: .overridable,
                        requirement: .canary(CanaryRequirement(using: tickets))
                    ),
                ]
            )
        }
    }

    private func decision(_ gates: [(String, GateState)], canaries: [PolicyFacts.Canary] = []) throws -> Decision {
        Decision(
            release: ReleaseID(model, 2),
            channel: try Name("production"),
            policy: nil,
            time: Timestamp(milliseconds: 0),
            outcome: .refused,
            gates: try gates.map { id, state in
                GateResult(
                    id: try Name(id),
                    type: id,
                    level: .overridable,
                    state: state,
                    required: "",
                    found: "",
                    blocks: !state.isMet
                )
            },
            facts: PolicyFacts(version: VersionID(model, 2), canaries: canaries)
        )
    }

    private func canary(_ verdict: Verdict?, needed: Int?, at seconds: Double) -> PolicyFacts.Canary {
        PolicyFacts.Canary(
            id: CanaryID(1),
            document: tickets,
            traffic: golden,
            baseline: ReleaseID(model, 1),
            requests: 200,
            verdict: verdict,
            time: Timestamp(milliseconds: 0).adding(seconds: seconds),
            requestsNeeded: needed
        )
    }

    @Test func evaluationsAndCanariesRunInTheOrderOfTheGates() throws {
        let checks = MissingChecks.needed(
            try decision([("smoke", .pass), ("card", .pass), ("golden", .unknown), ("canary", .waiting)]),
            try policy
        )
        #expect(
            checks == [
                .evaluation(gate: golden, suite: golden),
                .canary(gate: try Name("canary"), document: tickets, undecided: nil),
            ]
        )
    }

    @Test(arguments: [
        [("card", GateState.fail), ("canary", .unknown)], [("card", .unknown)],
        [("smoke", .unknown), ("canary", .unknown)],
        [("canary", .fail)], [("policy", .fail)], [("elsewhere", .unknown)],
    ])
    func nothingRunsThatCannotChangeTheAnswer(gates: [(String, GateState)]) throws {
        #expect(MissingChecks.needed(try decision(gates), try policy) == nil)
    }

    @Test func whatIsMetIsNotRunAgain() throws {
        #expect(MissingChecks.needed(try decision([("golden", .pass), ("canary", .notApplicable)]), try policy) == [])
    }

    @Test func anUndecidedCanaryRunsWithTheRequestsItNeeded() throws {
        let facts = [canary(.inconclusive, needed: 1400, at: 2), canary(.fail, needed: nil, at: 1)]
        #expect(
            MissingChecks.needed(try decision([("canary", .unknown)], canaries: facts), try policy)
                == [
                    .canary(
                        gate: try Name("canary"),
                        document: tickets,
                        undecided: .init(canary: CanaryID(1), needed: 1400)
                    )
                ]
        )
        let later = facts + [canary(.pass, needed: nil, at: 3)]
        #expect(
            MissingChecks.needed(try decision([("canary", .unknown)], canaries: later), try policy)
                == [.canary(gate: try Name("canary"), document: tickets, undecided: nil)]
        )
    }

    @Test(arguments: [(200, 1400), (1400, nil), (2000, nil)] as [(Int, Int?)])
    func theDocumentSaysHowManyUnlessMoreAreNeeded(usual: Int, asked: Int?) throws {
        let view: CanaryView = try Stored.value("canary-fail")
        let stored = try #require(view.document)
        let document = DocumentRecord(
            DocumentApplied(
                kind: .canary,
                name: tickets,
                revision: 1,
                digest: stored.digest,
                source: """
                    apiVersion: serin/v1
                    kind: Canary
                    name: tickets
                    compare: { traffic: week47, requests: \(usual) }
                    checks:
                      - { name: right, metric: exact_match, mayDrop: 2 points }
                    """,
                shipped: false
            ),
            appliedBy: "admin",
            appliedAt: Timestamp(milliseconds: 0)
        )
        let undecided = MissingChecks.Undecided(canary: CanaryID(1), needed: 1400)
        #expect(MissingChecks.requests(undecided, document: document) == asked)
        #expect(MissingChecks.requests(undecided, document: nil) == 1400)
    }

    @Test func aReleaseThatWasTakenBackGetsANewCanary() throws {
        #expect(
            MissingChecks.needed(try decision([("rejected", .fail), ("canary", .pass)]), try policy)
                == [.canary(gate: try Name("canary"), document: tickets, undecided: nil)]
        )
    }
}
