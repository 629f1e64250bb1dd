import RegistryRecords
import RegistryTypes
import Testing
import WireFormat

@testable import Pages

/// What a page offers can be done, and what it says is so.
struct TrueAnswerTests {
    private let samples = PageSamples()

    private func html(_ page: any Page) throws -> String { try Templates().render(page) }

    /// A search that finds nothing says so, without an empty table, and not that there is nothing at all.
    @Test func aSearchThatFindsNothingSaysSo() throws {
        let found = NamedPart(prefix: "zz"), behind = NamedPart(after: samples.samples.model)
        let context = samples.context("/models")
        for (part, words) in [
            (found, "has a name that begins so."), (behind, "by name."), (NamedPart(), "There is no "),
        ] {
            let pages: [any Page] = [
                ModelsPage(ListAnswer(items: [], total: 60), part: part, context: context),
                PromptsPage(ListAnswer(items: [], total: 60), part: part, context: context),
                TrafficSetsPage(ListAnswer(items: [], total: 60), part: part, context: context),
            ]
            for page in pages {
                let html = try html(page)
                #expect(!html.contains("<table"), "\(type(of: page)) \(words)")
                #expect(html.contains(words), "\(type(of: page)) \(words)")
                #expect(html.contains("There is no ") == (words == "There is no "), "\(type(of: page))")
            }
        }
    }

    /// On a log that nothing is changed on, every page says so and offers nothing that would be refused.
    @Test func nothingIsOfferedThatCannotBeChanged() throws {
        let said = "the log ends at event #74, and #97 was acknowledged"
        let ways = ["/promote", "/rollback", "/resume", "/freeze", "/notes", "/close", "/cancel"]
        for (name, page) in PageSamples(readOnly: said).all where !name.hasPrefix("login") {
            let tokens = try StrictTokenizer(html(page)).nodes
            #expect(try html(page).contains("<p>\(said)</p>"), "\(name)")
            for case .element(let element, let attributes) in tokens {
                let isForm = element == "form" && attributes["method"] == "post"
                guard let address = isForm ? attributes["action"] : attributes["href"] else { continue }
                #expect(!ways.contains { address.contains($0) }, "\(name): \(address)")
                let works = ["/logout", "/readings", "/login"]
                let isOfRequest = address.hasSuffix("/labels") || address.hasSuffix("/replay")
                #expect(!isForm || works.contains(address) || isOfRequest, "\(name): \(address)")
            }
        }
    }

    // MARK: What is offered

    /// Every page with the brake of a channel, for a reader of a role, where a rollback would go to `target`.
    private func brakes(_ target: Int?, _ role: Role) -> [(name: String, page: any Page)] {
        let s = samples.samples, context = samples.context("/", role: role)
        let health = s.health(.failing, rollbackTo: target, release: 2)
        let channel = s.channel(s.moves[1], rollbackTo: target)
        let summary = ModelSummary(
            name: s.model,
            latest: s.version(3),
            versions: 3,
            channels: [channel],
            lastCanary: nil
        )
        return [
            (
                "on call",
                OnCallPage(
                    OnCallView(
                        channels: [health],
                        incidents: [],
                        moves: [],
                        queue: 0,
                        active: 0,
                        capture: s.emptyCapture,
                        isDraining: false,
                        reserveBytes: 1,
                        at: s.now
                    ),
                    context: context
                )
            ),
            (
                "overview",
                OverviewPage(
                    StatusView(
                        models: [summary],
                        releases: [],
                        running: [],
                        moves: [],
                        quarantined: [],
                        health: [health],
                        head: 1,
                        at: s.now,
                        build: "1"
                    ),
                    context: context
                )
            ),
            ("incident", IncidentPage(s.incidentView, live: [health], context: context)),
            (
                "rollout",
                RolloutPage(s.rollout(s.watchedRollout, returned: false), rollbackTo: target, context: context)
            ),
            (
                "model",
                ModelPage(
                    ModelView(
                        name: s.model,
                        channels: [ChannelView(record: channel, release: s.release(2), loaded: true)],
                        versions: [],
                        releases: [],
                        canaries: [],
                        evaluations: [],
                        moves: []
                    ),
                    context: context
                )
            ),
        ]
    }

    @Test(
        arguments: [(1, .admin, true), (1, .reader, false), (nil, .admin, false), (nil, .reader, false)]
            as [(Int?, Role, Bool)]
    )
    func aBrakeIsOfferedWhereThereIsAReleaseToGoBackToAndToThoseWhoMay(target: Int?, role: Role, isOffered: Bool)
        throws
    {
        for (name, page) in brakes(target, role) {
            let html = try html(page)
            #expect(html.contains("/rollback\"") == isOffered, "\(name)")
            #expect(html.contains("Roll back to r1…") == isOffered, "\(name)")
        }
    }

    @Test func aReaderIsNotOfferedToLiftAHold() throws {
        let s = samples.samples
        for role in [Role.admin, .reader] {
            let status = StatusView(
                models: [],
                releases: [],
                running: [],
                moves: [],
                quarantined: [],
                health: [s.health(.noTraffic, hold: s.hold)],
                head: 1,
                at: s.now,
                build: "1"
            )
            let html = try html(OverviewPage(status, context: samples.context("/", role: role)))
            #expect(html.contains("Lift the hold…") == (role == .admin))
        }
    }

    /// A button to cancel stands where it would not be refused: on one's own run, and for those who may cancel others'.
    @Test(arguments: [
        (Role.admin, true, true), (.publisher, true, true), (.publisher, false, false), (.reader, true, false),
    ])
    func aRunIsCancelledByWhoeverAskedForItOrMayForOthers(role: Role, isOwn: Bool, isOffered: Bool) throws {
        let s = samples.samples
        let canary = s.runningCanary
        let context = PageContext(
            person: .init(name: try Name(isOwn ? canary.record.startedBy : "somebody"), role: role, token: "t"),
            path: "/canaries/c-4",
            now: s.now,
            styleSheetTag: "test",
            refreshSeconds: nil
        )
        #expect(try html(CanaryPage(canary, context: context)).contains("/cancel\"") == isOffered)
        let evaluation = EvaluationView(
            job: "e-1",
            release: s.releaseID(1),
            suite: s.model,
            progress: WorkProgress(done: 1, total: 2, elapsedSeconds: 1),
            startedBy: canary.record.startedBy,
            startedAt: s.now
        )
        #expect(try html(EvaluationPage(evaluation, context: context)).contains("/cancel\"") == isOffered)
    }

    @Test(arguments: [true, false]) func aFormIsOfferedWhereItHasSomethingToActOn(isFilled: Bool) throws {
        let s = samples.samples
        let drift = DriftListPage(
            ListAnswer(items: []),
            baselines: [],
            model: nil,
            hasCaptured: isFilled,
            context: samples.context("/drift")
        )
        let traffic = TrafficSetsPage(
            ListAnswer(items: []),
            capture: isFilled ? s.capture : s.emptyCapture,
            context: samples.context("/traffic")
        )
        for page in [drift, traffic] as [any Page] {
            #expect(try html(page).contains("name=\"model\"") == isFilled)
        }
    }

    // MARK: What is said

    @Test func theOverviewAndTheModelSayWhatIsMissingAsACommandThatCanBeRun() throws {
        for (name, page) in samples.all where ["overview-empty", "models-empty", "slos-without-model"].contains(name) {
            #expect(
                try html(page).contains("serin publish model.gguf") && html(page).contains("--model NAME"),
                "\(name)"
            )
        }
    }

    @Test func whereSLOsAreInForceAModelIsMissingAndNoDocument() throws {
        let model = samples.samples.model
        for (inForce, of, says) in [
            ([Name](), Name?.none, "No SLO is in force"), ([model], nil, "there is no model yet"),
            ([model], model, "none is about ticket-bot"),
        ] {
            let page = SLOsPage([], model: of, inForce: inForce, context: samples.context("/slos"))
            #expect(try html(page).contains(says))
            #expect(try html(page).contains("No SLO is in force") == inForce.isEmpty)
        }
    }

    @Test func silenceHasNoPace() throws {
        let s = samples.samples
        let row = s.slo("availability", .missingTraffic)
        let silent = SLORow(
            name: row.name,
            model: row.model,
            channel: row.channel,
            indicator: row.indicator,
            objective: row.objective,
            target: row.target,
            state: .missingTraffic,
            sli: 1,
            budgetLeft: 1,
            valid: 100,
            bad: 0,
            sentence: "no event came for 3 h"
        )
        #expect(silent.exhaustion == "unknown" && silent.pace == nil)
        let page = try html(SLOPage(s.sloView(silent), context: samples.context("/slos/availability")))
        #expect(!page.contains("present pace") && !page.contains(">lasts<"))
        let met = s.slo("availability", .met)
        #expect(met.exhaustion != "unknown")
    }

    @Test func aHoldbackThatIsNotKeptIsNotSaidToStay() throws {
        let s = samples.samples
        let row = RolloutRow(
            id: RolloutID(2),
            model: s.model,
            channel: s.production,
            release: 3,
            previous: 2,
            settledRelease: nil,
            state: "probation",
            words: "watching",
            startedAt: s.now,
            endedAt: nil,
            startedBy: "admin",
            isOverride: false
        )
        let view = RolloutView(
            row: row,
            policy: "production, revision 2",
            probationSeconds: 60,
            watchedSeconds: 1,
            holdback: 0,
            triggers: [],
            arms: [],
            crashes: 1,
            sentence: "watched",
            timeline: [],
            at: s.now
        )
        let page = try html(RolloutPage(view, context: samples.context("/rollouts/ro-2")))
        #expect(page.contains("nothing is held back: no release had settled before it") && !page.contains("r–"))
        #expect(page.contains("ended 1 time while"))
    }

    @Test func theLiveReleaseIsSaidToBeLive() throws {
        let s = samples.samples
        for liveIn in [[], [s.production]] {
            let view = ReleaseView(
                release: s.release(1),
                version: s.version(1),
                prompt: s.prompt(1),
                moves: [],
                decisions: [],
                canaries: [],
                evaluations: [],
                liveIn: liveIn
            )
            let page = try html(ReleasePage(view, context: samples.context("/models/ticket-bot/releases/1")))
            #expect(page.contains("live in production") == !liveIn.isEmpty)
        }
    }

    /// The parts of a drift report's signals are all there are.
    @Test func everySignalOfADriftReportIsCounted() throws {
        for verdict in [DriftVerdict.ticket, .learning] {
            let report = samples.samples.driftView(verdict).report
            let numbers = report.tally.split { !$0.isNumber }.compactMap { Int($0) }
            let total = try #require(numbers.dropFirst().first)
            #expect(total == report.tests.count)
            #expect(numbers.first.map { $0 + numbers.dropFirst(2).reduce(0, +) } == total, "\(report.tally)")
            #expect(
                try html(DriftPage(samples.samples.driftView(verdict), context: samples.context("/drift/d-88")))
                    .contains(report.tally)
            )
        }
    }

    @Test(arguments: [
        ("settled", "settled", nil), ("settled", "settled after 60 s", "after 60 s"), ("settled", "", ""),
        ("missing traffic", "missing traffic: no request for 3 h", "no request for 3 h"),
        ("met", "metres", "metres"), ("no traffic", "no traffic for 3 h", "for 3 h"),
        ("client's deadline", "client's deadline: 3 s", "3 s"),
    ])
    func wordsBesideABadgeDoNotRepeatIt(badge: String, words: String, rest: String?) {
        #expect(StatusBadge("?", badge, .off).beyond(words)?.html == rest)
    }

    @Test func aTextIsTheSameBeforeItWasEscaped() {
        for text in ["client's deadline", "a<b>&\"'`", "&amp;lt;", "&", "\"\u{301}", "&#39", "ä€😀", ""] {
            #expect(Array(HTMLText(text).plain.utf8) == Array(text.utf8))
        }
    }
}
