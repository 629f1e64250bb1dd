import Digests
import GRDB
import RegistryRecords
import RegistryTypes
import Synchronization
import TestSupport
import Testing

@testable import Catalog

/// How SQLite looks for what lists show: by an index that holds it in the order of the list, never by reading a table or
/// sorting what it found.
@Suite struct ListPlanTests {
    /// A list with each of its filters.
    private static let lists: [(String, @Sendable (CatalogState) throws -> Void)] = {
        let bot = Name.known("ticket-bot"), production = Name.known("production"), set = Name.known("week47")
        let release = ReleaseID(bot, 1), part = NamePart(after: bot, prefix: "t", limit: 9)
        return [
            ("models", { _ = try $0.models(NamePart(limit: 9)) }),
            ("models that begin so", { _ = try $0.models(part) }),
            ("prompts", { _ = try $0.prompts(NamePart(limit: 9)) }),
            ("prompts that begin so", { _ = try $0.prompts(part) }),
            ("keys", { _ = try $0.keys(NamePart(limit: 9)) }), ("keys that begin so", { _ = try $0.keys(part) }),
            ("sets", { _ = try $0.trafficSets(NamePart(limit: 9)) }),
            ("sets that begin so", { _ = try $0.trafficSets(part) }),
            (
                "counts",
                { for what in [CatalogState.Counted.models, .prompts, .keys, .trafficSets] { _ = try $0.count(what) } }
            ),
            ("versions", { _ = try $0.newestVersions(of: bot, before: 9, limit: 9) }),
            ("quarantined versions", { _ = try $0.quarantinedVersions(limit: 9) }),
            ("version by weights", { _ = try $0.version(of: bot, weights: Digest(of: [1])) }),
            ("version by files", { _ = try $0.version(of: bot, holding: Samples.manifest("x")) }),
            ("model by another name", { _ = try $0.model(calledLike: "Some/Name", besides: bot) }),
            ("prompt versions", { _ = try $0.newestPrompts(of: bot, before: 9, limit: 9) }),
            ("prompt by content", { _ = try $0.prompt(bot, digests: [Digest(of: [1])]) }),
            ("releases", { _ = try $0.newestReleases(of: bot, before: 9, limit: 9) }),
            ("releases of a version", { _ = try $0.newestReleases(of: bot, version: 1, limit: 9) }),
            ("channels of a model", { _ = try $0.channels(of: bot) }),
            ("channels of a prompt", { _ = try $0.channels(withPrompt: bot, limit: 9) }),
            ("overridden channels", { _ = try $0.channels(how: .overridden, limit: 9) }),
            ("moves", { _ = try $0.newestMoves(of: nil, limit: 9) }),
            ("moves of a model", { _ = try $0.newestMoves(of: bot, limit: 9) }),
            ("moves of a channel", { _ = try $0.moves(bot, production, limit: 9) }),
            ("moves of a release", { _ = try $0.moves(of: release, limit: 9) }),
            ("canaries", { _ = try $0.canaries(before: CanaryID(9)) }),
            ("canaries of a model", { _ = try $0.canaries(model: bot) }),
            ("canaries of a model that run", { _ = try $0.canaries(model: bot, state: .running) }),
            ("canaries of a candidate", { _ = try $0.canaries(candidate: release, before: CanaryID(9)) }),
            ("canaries of a baseline", { _ = try $0.canaries(baseline: release) }),
            ("canaries of a set", { _ = try $0.canaries(traffic: set) }),
            ("canaries that run", { _ = try $0.canaries(state: .running) }),
            ("evaluations", { _ = try $0.evaluations(before: EvaluationID(9)) }),
            ("evaluations of a model", { _ = try $0.evaluations(model: bot) }),
            ("evaluations of a release", { _ = try $0.evaluations(of: release) }),
            ("evaluations of a release on a suite", { _ = try $0.evaluations(of: release, suite: set) }),
            ("evaluations on a suite", { _ = try $0.evaluations(suite: set) }),
            ("jobs", { _ = try $0.openEvaluationJobs(before: EvaluationID(9)) }),
            ("jobs of a model", { _ = try $0.openEvaluationJobs(model: bot) }),
            ("jobs that run", { _ = try $0.openEvaluationJobs(state: .running) }),
            ("decisions", { _ = try $0.decisions(before: DecisionID(9)) }),
            ("decisions of a model", { _ = try $0.decisions(model: bot) }),
            ("decisions about a release", { _ = try $0.decisions(about: release) }),
            ("decisions about a channel", { _ = try $0.decisions(model: bot, channel: production) }),
            ("rollouts", { _ = try $0.rollouts(before: RolloutID(9)) }),
            ("rollouts of a model", { _ = try $0.rollouts(of: bot) }),
            ("rollouts of a channel", { _ = try $0.rollouts(of: bot, channel: production) }),
            ("incidents", { _ = try $0.incidents(before: IncidentID(9)) }),
            ("incidents of a model", { _ = try $0.incidents(of: bot) }),
            ("open incidents", { _ = try $0.incidents(isOpen: true) }),
            ("open incidents of a family", { _ = try $0.incidents(isOpen: true, families: [.store]) }),
            ("how many incidents are open", { _ = try $0.openIncidents() }),
            ("how many of a model are open", { _ = try $0.openIncidents(of: bot) }),
            ("closed incidents of a model", { _ = try $0.incidents(of: bot, isOpen: false) }),
            ("references of drift", { _ = try $0.baselines(before: BaselineID(9)) }),
            ("references of a model", { _ = try $0.baselines(of: bot) }),
            ("drift", { _ = try $0.driftReports() }), ("drift of a model", { _ = try $0.driftReports(of: bot) }),
            ("holds", { _ = try $0.holds() }), ("holds of a model", { _ = try $0.holds(of: bot) }),
            ("events", { _ = try $0.events() }),
            ("events of a kind", { _ = try $0.events(before: 9, kind: "key.created") }),
            ("events about something", { _ = try $0.events(subject: "ticket-bot@1") }),
            ("events by somebody", { _ = try $0.events(actor: "ada") }),
            ("events of late", { _ = try $0.events(since: Samples.time(1)) }),
            ("admins", { _ = try $0.workingKey(.admin, besides: bot) }),
        ]
    }()

    /// The indexes that SQLite would not choose by itself: it would rather read the rows of the model in their order.
    private static let indexes = [
        "version by weights": "version_by_weights", "version by files": "version_by_files",
        "prompt by content": "prompt_by_digest", "releases of a version": "release_by_version",
    ]

    @Test func noListReadsAWholeTableOrSorts() async throws {
        let scratch = try ScratchFolder()
        let catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append(try Samples.story())
        try await catalog.read { state in
            for (list, read) in Self.lists {
                let statements = Mutex<Set<String>>([])
                state.database.trace { event in
                    if case .statement(let statement) = event { statements.withLock { _ = $0.insert(statement.sql) } }
                }
                try read(state)
                state.database.trace()
                let asked = statements.withLock { $0 }
                #expect(!asked.isEmpty, "\(list) asked nothing")
                if let index = Self.indexes[list] { #expect(asked.contains { $0.contains(index) }, "\(list)") }
                for sql in asked {
                    let explained = try state.database.makeStatement(sql: "EXPLAIN QUERY PLAN \(sql)")
                    explained.setUncheckedArguments(StatementArguments())
                    let plan = try Row.fetchAll(explained).map { $0["detail"] as String }
                    // A list without a filter is read in its order until it is long enough.
                    let isWhole = !sql.contains("WHERE")
                    for step in plan {
                        #expect(!step.contains("TEMP B-TREE"), "\(list) sorts: \(plan), \(sql)")
                        let isScan =
                            step.hasPrefix("SCAN") && !step.hasPrefix("SCAN (subquery") && !step.contains("INDEX")
                        #expect(isWhole || !isScan, "\(list) reads a table: \(plan), \(sql)")
                    }
                }
            }
        }
        try await catalog.close()
    }
}
