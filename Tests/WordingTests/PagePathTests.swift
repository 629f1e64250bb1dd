import Digests
import RegistryTypes
import Testing

@testable import Wording

@Suite struct PagePathTests {
    private static let model = try! Name("ticket-bot")
    private static let production = try! Name("production")
    private static let json = try! Name("foo.json")
    private static let request = RequestID(time: Timestamp(milliseconds: 1_795_260_044_120), random: (1, 2))

    private static let cases: [(PagePath, String)] = [
        (.overview, "/"), (.onCall, "/oncall"), (.login, "/login"), (.logout, "/logout"), (.models, "/models"),
        (.model(model), "/models/ticket-bot"), (.model(json), "/models/foo%2Ejson"),
        (.version(VersionID(model, 7)), "/models/ticket-bot/versions/7"),
        (.version(VersionID(json, 7)), "/models/foo.json/versions/7"),
        (.release(ReleaseID(model, 12)), "/models/ticket-bot/releases/12"),
        (.promote(nil, channel: production, model: model), "/models/ticket-bot/channels/production/promote"),
        (
            .promote(Reference(model: model, selector: .release(3)), channel: production, model: model),
            "/models/ticket-bot/channels/production/promote?ref=ticket-bot@r3"
        ),
        (.rollback(channel: production, model: model), "/models/ticket-bot/channels/production/rollback"),
        (.resume(channel: production, model: model), "/models/ticket-bot/channels/production/resume"),
        (.blob(Digest(of: [])), "/blobs/\(Digest(of: []))"), (.prompts, "/prompts"),
        (.prompt(json), "/prompts/foo%2Ejson"),
        (.promptDiff(model, from: 1, to: 2), "/prompts/ticket-bot/diff?from=1&to=2"),
        (.canaries(of: nil), "/canaries"), (.canaries(of: json), "/canaries?model=foo.json"),
        (.canary(CanaryID(204)), "/canaries/c-204"), (.evaluation(EvaluationID(51)), "/evaluations/e-51"),
        (.canarySamples(CanaryID(204), only: nil), "/canaries/c-204/samples"),
        (.canarySamples(CanaryID(204), only: "worse"), "/canaries/c-204/samples?only=worse"),
        (.evaluationJob("job-3"), "/evaluations/job-3"), (.readings, "/readings"),
        (.reading("3f2c9a"), "/readings/3f2c9a"), (.trafficSets, "/traffic"),
        (.traffic(model), "/traffic/ticket-bot"),
        (.policies, "/policies"), (.policy(model), "/policies/ticket-bot"),
        (.decision(DecisionID(9)), "/decisions/dec-9"),
        (.audit, "/audit"), (.requests(of: model), "/requests?model=ticket-bot"),
        (.request(request), "/requests/\(request)"), (.labels(request), "/requests/\(request)/labels"),
        (.replay(request), "/requests/\(request)/replay"), (.slos(of: nil), "/slos"),
        (.slo(json, of: nil), "/slos/foo%2Ejson"), (.slo(json, of: model), "/slos/foo%2Ejson?model=ticket-bot"),
        (.rollouts(of: model), "/rollouts?model=ticket-bot"), (.rollout(RolloutID(2)), "/rollouts/ro-2"),
        (.incidents(of: nil), "/incidents"), (.incident(IncidentID(3)), "/incidents/i-3"),
        (.incidentNotes(IncidentID(3)), "/incidents/i-3/notes"),
        (.cancelCanary(CanaryID(5)), "/canaries/c-5/cancel"),
        (.cancelEvaluation(EvaluationID(6)), "/evaluations/e-6/cancel"),
        (.closeIncident(IncidentID(3)), "/incidents/i-3/close"), (.drifts(of: model), "/drift?model=ticket-bot"),
        (.drift(DriftID(4)), "/drift/d-4"), (.baselines, "/drift/baselines"),
        (.driftBaseline(DriftID(4)), "/drift/d-4/baseline"),
    ]

    @Test func addressesArePermanent() {
        for (page, path) in Self.cases { #expect(page.path == path) }
    }

    /// What a route registers is what its addresses look like: as many parts, the same where they are not open.
    @Test func everyRouteHasAnAddressThatFitsIt() {
        #expect(Set(Self.cases.map(\.0.route)) == Set(PagePath.Route.allCases))
        for (page, path) in Self.cases {
            let pattern = page.route.rawValue.split(separator: "/"),
                parts = path.prefix { $0 != "?" }.split(separator: "/")
            #expect(pattern.count == parts.count, "\(path)")
            for (open, part) in zip(pattern, parts) { #expect(open.first == "{" || open == part, "\(path)") }
        }
    }

    /// No page is taken for a JSON representation, and each has one that names its page.
    @Test func everyPageHasItsJSONRepresentation() {
        for (page, path) in Self.cases {
            let bare = String(path.prefix { $0 != "?" })
            #expect(PagePath.page(ofJSON: bare) == nil)
            #expect(PagePath.page(ofJSON: String(page.json.prefix { $0 != "?" })) == bare)
        }
        #expect(PagePath.slo(Self.json, of: Self.model).json == "/slos/foo%2Ejson.json?model=ticket-bot")
        #expect(PagePath.escaped("/models/foo.json?live=5") == "/models/foo%2Ejson?live=5")
        #expect(PagePath.escaped("/models?model=foo.json") == "/models?model=foo.json")
    }

    @Test func fieldsAreEncodedAndEmptyOnesLeftOut() {
        let fields: [PagePath.Field] = [("before", "9"), ("kind", nil), ("subject", "a b&c=<é>%")]
        #expect(PagePath.audit.with(fields) == "/audit?before=9&subject=a%20b%26c%3D%3C%C3%A9%3E%25")
        #expect(PagePath.canaries(of: Self.model).with([("before", "9")]) == "/canaries?model=ticket-bot&before=9")
    }
}
