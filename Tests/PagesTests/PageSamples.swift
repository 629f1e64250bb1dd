import RegistryRecords
import RegistryTypes
import WireFormat

@testable import Pages

/// Every page with the sample values, by the name of its golden file.
struct PageSamples {
    let samples: Samples
    /// Why nothing can be changed; nil when it can.
    let readOnly: String?

    init(hostile: String? = nil, readOnly: String? = nil) {
        samples = Samples(hostile: hostile)
        self.readOnly = readOnly
    }

    func context(_ path: String, role: Role? = .admin, refresh: Int? = nil) -> PageContext {
        PageContext(
            person: role.map { .init(name: try! Name("admin"), role: $0, token: "5f3a") },
            path: path,
            now: samples.now,
            styleSheetTag: "test",
            refreshSeconds: refresh,
            readOnly: readOnly
        )
    }

    /// All pages; `canary-fail` and the like are one template with several kinds of values.
    var all: [(name: String, page: any Page)] { registry + records + kept + serving + readings }

    /// What is answered where nothing has the name.
    var problem: Problem {
        let s = samples
        return Problem(
            status: 404,
            title: s.text("no model \"ticket-bt\""),
            detail: s.text("nothing has this name"),
            next: s.text("serin model list"),
            exit: 3,
            near: [s.text("ticket-bot")],
            requestID: s.text("a1b2")
        )
    }

    private var registry: [(name: String, page: any Page)] {
        let s = samples
        let live = s.channel(s.moves[0], rollbackTo: nil)
        let overridden = s.channel(s.moves[1], rollbackTo: 1)
        let summary = ModelSummary(
            name: s.model,
            latest: s.version(3),
            versions: 3,
            channels: [overridden],
            lastCanary: s.canary(2, of: 2, .fail)
        )
        let releases = [
            s.release(3), s.release(2, rejected: s.text("rolled back: JSON broken for refunds")), s.release(1),
        ]
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
            ("login", LoginPage(context: context("/login", role: nil))),
            (
                "login-error",
                LoginPage(
                    problem: s.text("this link does not work any more"),
                    next: s.text("Links work once."),
                    context: context("/login", role: nil)
                )
            ),
            (
                "overview",
                OverviewPage(
                    StatusView(
                        models: [summary],
                        releases: releases,
                        running: [s.runningCanary],
                        moves: s.moves,
                        quarantined: [
                            s.version(4, quarantined: s.text("the server process ended while it loaded ticket-bot@4"))
                        ],
                        health: [
                            s.health(.watching, rollout: s.watchedRollout, hold: s.hold, unloaded: s.unloaded)
                        ],
                        incidents: [s.incident(12, severity: "page", closed: false)],
                        head: 43,
                        at: s.now,
                        build: s.text("0.1.0")
                    ),
                    context: context("/")
                )
            ),
            (
                "overview-empty",
                OverviewPage(
                    StatusView(
                        models: [],
                        releases: [],
                        running: [],
                        moves: [],
                        quarantined: [],
                        head: 2,
                        at: s.now,
                        build: "0.1.0"
                    ),
                    context: context("/")
                )
            ),
            ("models", ModelsPage(ListAnswer(items: [summary]), context: context("/models"))),
            ("models-empty", ModelsPage(ListAnswer(items: []), context: context("/models"))),
            (
                "model",
                ModelPage(
                    ModelView(
                        name: s.model,
                        channels: [ChannelView(record: overridden, release: s.release(2), loaded: true)],
                        versions: [s.version(3), s.version(2), s.version(1)],
                        releases: releases,
                        canaries: [s.canary(3, of: 3, .pass), s.canary(2, of: 2, .fail)],
                        evaluations: s.evaluations,
                        moves: s.moves
                    ),
                    health: [s.health(.healthy, hold: s.hold)],
                    slos: [s.slo("quality", .burning), s.slo("latency", .unknown, known: false)],
                    context: context("/models/ticket-bot")
                )
            ),
            (
                "version",
                VersionPage(
                    VersionView(
                        version: s.version(2),
                        cardText: s.text(
                            "---\nlicense: apache-2.0\n---\n# Ticket bot\n\n## Intended use\n\nSorting support tickets.\n"
                        ),
                        previous: s.version(1),
                        releases: [s.release(2)],
                        channels: [],
                        canaries: [s.canary(2, of: 2, .fail)],
                        evaluations: [s.evaluations[1]],
                        decision: s.decision(2, .refused)
                    ),
                    context: context("/models/ticket-bot/versions/2")
                )
            ),
            (
                "version-quarantined",
                VersionPage(
                    VersionView(
                        version: s.version(4, quarantined: s.text("the server process ended while it loaded it")),
                        cardText: nil,
                        previous: nil,
                        releases: [],
                        channels: [live],
                        canaries: [],
                        evaluations: [],
                        decision: nil
                    ),
                    context: context("/models/ticket-bot/versions/4", role: .reader)
                )
            ),
            (
                "version-adapter",
                VersionPage(
                    VersionView(
                        version: s.adapterVersion,
                        releases: [],
                        channels: [],
                        canaries: [],
                        evaluations: []
                    ),
                    context: context("/models/ticket-bot/versions/6", role: .reader)
                )
            ),
            (
                "release",
                ReleasePage(
                    ReleaseView(
                        release: s.release(2, rejected: s.text("rolled back: JSON broken for refunds")),
                        version: s.version(2),
                        prompt: s.prompt(1),
                        moves: s.moves,
                        decisions: s.decisions,
                        canaries: [s.canary(2, of: 2, .fail)],
                        evaluations: [s.evaluations[1]]
                    ),
                    context: context("/models/ticket-bot/releases/2")
                )
            ),
            (
                "prompts",
                PromptsPage(
                    ListAnswer(
                        items: [PromptSummary(name: s.triage, latest: s.prompt(2), versions: 2, usedBy: [live])]
                    ),
                    context: context("/prompts")
                )
            ),
            ("prompts-empty", PromptsPage(ListAnswer(items: []), context: context("/prompts"))),
            (
                "prompt",
                PromptPage(
                    PromptView(
                        name: s.triage,
                        versions: [s.prompt(2), s.prompt(1)],
                        usedBy: [PromptUse(channel: live, version: 1)],
                        example: s.promptExample(live)
                    ),
                    context: context("/prompts/triage")
                )
            ),
            (
                "prompt-not-rendered",
                PromptPage(
                    PromptView(
                        name: s.triage,
                        versions: [s.prompt(1)],
                        usedBy: [PromptUse(channel: live, version: 1)],
                        example: PromptExample(
                            channel: live,
                            prompt: s.prompt(1).id,
                            problem: s.text("ticket-bot@4 cannot be run here: architecture mamba is not supported")
                        )
                    ),
                    context: context("/prompts/triage")
                )
            ),
            (
                "prompt-unused",
                PromptPage(
                    PromptView(name: s.triage, versions: [s.prompt(1)], usedBy: []),
                    context: context("/prompts/triage")
                )
            ),
            (
                "prompt-diff",
                PromptDiffPage(
                    PromptDiff(
                        from: s.prompt(1),
                        to: s.prompt(2),
                        lines: [
                            DiffLine(kind: .same, section: "format", text: s.text("chatml")),
                            DiffLine(
                                kind: .removed,
                                section: "system",
                                text: s.text("You are a helpful assistant for the support desk.")
                            ),
                            DiffLine(
                                kind: .added,
                                section: "system",
                                text: s.text("Return one JSON object: intent, order, priority.")
                            ),
                            DiffLine(kind: .same, section: "system", text: s.text("If a field is unknown, use null.")),
                            DiffLine(kind: .removed, section: s.text("decoding"), text: s.text("maxTokens: 128")),
                            DiffLine(kind: .added, section: s.text("decoding"), text: s.text("maxTokens: 64")),
                        ]
                    ),
                    context: context("/prompts/triage/diff?from=1&to=2")
                )
            ),
            (
                "canaries",
                CanariesPage(
                    ListAnswer(
                        items: [
                            s.canary(4, of: 3, nil), s.canary(3, of: 3, .inconclusive),
                            s.canary(2, of: 2, .fail),
                        ],
                        next: "2"
                    ),
                    model: s.model,
                    context: context("/canaries?model=ticket-bot")
                )
            ),
            ("canaries-empty", CanariesPage(ListAnswer(items: []), model: nil, context: context("/canaries"))),
            ("canary-fail", CanaryPage(s.canaryView(s.failed), context: context("/canaries/c-2"))),
            (
                "canary-samples",
                CanarySamplesPage(
                    ListAnswer(items: s.canarySamples(5), next: "31"),
                    of: s.canary(2, of: 2, .fail),
                    only: .worse,
                    isFirst: false,
                    context: context("/canaries/c-2/samples?only=worse&after=2")
                )
            ),
            (
                "canary-samples-none",
                CanarySamplesPage(
                    ListAnswer(items: []),
                    of: s.canary(2, of: 2, .fail),
                    only: .errors,
                    isFirst: true,
                    context: context("/canaries/c-2/samples?only=errors")
                )
            ),
            ("canary-pass", CanaryPage(s.canaryView(s.passed), context: context("/canaries/c-3"))),
            ("canary-inconclusive", CanaryPage(s.canaryView(s.undecided), context: context("/canaries/c-3"))),
            ("canary-running", CanaryPage(s.runningCanary, context: context("/canaries/c-4?live=5", refresh: 5))),
            ("canary-stopped", CanaryPage(s.stoppedCanary, context: context("/canaries/c-5", role: .reader))),
            ("policies", PoliciesPage([s.policyRecord], context: context("/policies"))),
            (
                "policy",
                PolicyPage(
                    PolicyView(
                        record: s.policyRecord,
                        document: s.policyDocument,
                        revisions: [s.policyRecord],
                        decisions: s.decisions
                    ),
                    context: context("/policies/production")
                )
            ),
            ("decision", DecisionPage(s.decision(2, .refused), context: context("/decisions/dec-13"))),
            (
                "decision-override",
                DecisionPage(
                    s.decision(
                        2,
                        .allowed,
                        override: Override(by: s.text("admin"), reason: s.text("demo: what if we force it"))
                    ),
                    context: context("/decisions/dec-13")
                )
            ),
            (
                "refused",
                DecisionPage(
                    s.decision(2, .refused),
                    isRefusal: true,
                    context: context("/models/ticket-bot/channels/production/promote")
                )
            ),
            (
                "promote",
                PromotePage(
                    answer(.wouldMove, to: 3, decision: s.decision(3, .allowed)),
                    reference: try! Reference("ticket-bot@r3"),
                    key: "k1",
                    context: context("/models/ticket-bot/channels/production/promote?ref=ticket-bot@r3")
                )
            ),
            (
                "promote-refused",
                PromotePage(
                    answer(.refused, to: 2, decision: s.decision(2, .refused)),
                    reference: try! Reference("ticket-bot@r2"),
                    key: "k1",
                    problem: "an override needs a reason",
                    reason: s.text(""),
                    hold: s.hold,
                    context: context("/models/ticket-bot/channels/production/promote?ref=ticket-bot@r2")
                )
            ),
            (
                "rollback",
                RollbackPage(
                    answer(.wouldMove, to: 1, decision: nil),
                    to: nil,
                    key: "k1",
                    context: context("/models/ticket-bot/channels/production/rollback")
                )
            ),
            ("error", ErrorPage(problem, context: context("/models/ticket-bt"))),
        ]
    }
}
