import Catalog
import Digests
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing

/// References and reports of drift in the tables, and what the registry refuses about them.
@Suite struct DriftTests {
    let scratch: ScratchFolder
    let catalog: Catalog
    let model: Name
    let production: Name

    init() async throws {
        scratch = try ScratchFolder()
        catalog = try Catalog.open(path: scratch.catalog)
        (model, production) = (try Name("ticket-bot"), try Name("production"))
        try await catalog.append([try Samples.prompt(1), try Samples.version(1), try Samples.release(1, version: 1)])
    }

    @Test func theNewestReferenceOfAChannelCounts() async throws {
        try await catalog.append([
            try Samples.baseline(1, channel: nil), try Samples.baseline(2), try Samples.baseline(3, channel: "staging"),
        ])
        let found = try await catalog.read { state in
            (
                production: try state.baseline(of: model, channel: production)?.id,
                other: try state.baseline(of: model, channel: try Name("canary"))?.id,
                all: try state.baselines(of: model).map(\.id.number)
            )
        }
        #expect(found.production == BaselineID(2))
        #expect(found.other == BaselineID(1), "a channel without its own has that of all traffic")
        #expect(found.all == [3, 2, 1])
    }

    @Test func reportsAreListedNewestFirst() async throws {
        try await catalog.append(try Samples.drifts())
        let reports = try await catalog.read { try $0.driftReports(of: model) }
        #expect(reports.map(\.id.number) == [2, 1])
        #expect(reports.map(\.verdict) == [.ticket, .none])
        #expect(reports.first?.moved == ["language"])
        #expect(try await catalog.read { try $0.driftReport(DriftID(3)) } == nil)
    }

    @Test(arguments: [
        "a number was left out", "another model's reference", "a reference that is not there", "no such model",
        "learned without a release", "a window that ends before it starts",
    ])
    func refuses(_ what: String) async throws {
        try await catalog.append([try Samples.baseline(1)])
        let event: RegistryEvent =
            switch what {
            case "a number was left out": try Samples.baseline(3)
            case "another model's reference": try Samples.drift(1, model: "other-bot")
            case "a reference that is not there": try Samples.drift(1, baseline: 9)
            case "no such model": try Samples.baseline(2, model: "other-bot")
            case "learned without a release": try Samples.baseline(2, how: .learned)
            default: try Samples.baseline(2, to: 0)
            }
        await #expect(throws: (any Error).self) { try await catalog.append([event]) }
        #expect(try await catalog.read { try $0.baselines().count } == 1)
    }
}

extension Samples {
    /// Two references and two reports of the model of the story.
    static func drifts() throws -> [RegistryEvent] {
        [try baseline(1), try drift(1), try baseline(2, channel: nil), try drift(2, baseline: 2, verdict: .ticket)]
    }

    static func baseline(
        _ number: Int,
        model: String = "ticket-bot",
        channel: String? = "production",
        how: DriftBaselineSet.How = .chosen,
        to: Int = 60
    ) throws -> RegistryEvent {
        .driftBaselineSet(
            DriftBaselineSet(
                id: BaselineID(number),
                model: try Name(model),
                channel: try channel.map { try Name($0) },
                how: how,
                window: DriftWindow(from: time(1), to: time(to), requests: 400),
                reference: Digest(of: Array("drift reference \(number)".utf8)),
                referenceSizeBytes: 4096,
                reason: "a good week"
            )
        )
    }

    static func drift(
        _ number: Int,
        model: String = "ticket-bot",
        baseline: Int = 1,
        verdict: DriftVerdict = .none
    ) throws -> RegistryEvent {
        .driftReported(
            DriftReported(
                id: DriftID(number),
                model: try Name(model),
                channel: try Name("production"),
                baseline: BaselineID(baseline),
                window: DriftWindow(from: time(60), to: time(120), requests: 300),
                verdict: verdict,
                sentence: verdict == .none ? "nothing moved" : "prompts changed: language de 33 % → 80 %",
                leading: verdict == .none ? nil : "language",
                moved: verdict == .none ? [] : ["language"],
                evidence: Digest(of: Array("drift report \(number)".utf8)),
                evidenceSizeBytes: 9000
            )
        )
    }
}
