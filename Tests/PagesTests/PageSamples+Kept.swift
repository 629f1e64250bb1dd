import RegistryRecords
import RegistryTypes
import WireFormat

@testable import Pages

/// What is kept and cannot be run here, where a policy allows a release of it and where not.
extension PageSamples {
    var kept: [(name: String, page: any Page)] {
        let s = samples
        func answer(_ outcome: MoveAnswer.Outcome, to: Int, decision: Decision?) -> MoveAnswer {
            MoveAnswer(
                outcome: outcome,
                model: s.model,
                channel: s.production,
                from: s.release(1),
                to: s.release(to),
                decision: decision,
                seconds: 0.01
            )
        }
        return [
            (
                "version-kept",
                VersionPage(
                    VersionView(
                        version: s.keptVersion,
                        releases: [],
                        channels: [],
                        canaries: [],
                        evaluations: [],
                        decision: s.decisionWithoutEngine(.refused),
                        displayName: try! DisplayName("HuggingFaceTB/SmolLM2-135M-Instruct")
                    ),
                    context: context("/models/ticket-bot/versions/5")
                )
            ),
            (
                "release-kept",
                ReleasePage(
                    ReleaseView(
                        release: s.release(5),
                        version: s.keptVersion,
                        prompt: s.prompt(1),
                        moves: [],
                        decisions: [],
                        canaries: [],
                        evaluations: []
                    ),
                    context: context("/models/ticket-bot/releases/5")
                )
            ),
            (
                "promote-kept",
                PromotePage(
                    answer(.wouldMove, to: 5, decision: s.decisionWithoutEngine(.allowed)),
                    reference: try! Reference("ticket-bot@r5"),
                    key: "k1",
                    context: context("/models/ticket-bot/channels/production/promote?ref=ticket-bot@r5")
                )
            ),
            (
                "promote-kept-refused",
                PromotePage(
                    answer(.refused, to: 5, decision: s.decisionWithoutEngine(.refused)),
                    reference: try! Reference("ticket-bot@r5"),
                    key: "k1",
                    context: context("/models/ticket-bot/channels/production/promote?ref=ticket-bot@r5")
                )
            ),
        ]
    }
}
