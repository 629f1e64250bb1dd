import RegistryTypes
import Testing
import WireFormat

@testable import Pages

/// What nobody asks anything of is one line; what needs somebody never is.
struct IdleChannelsTests {
    private func row(_ name: String, _ state: HealthRow.State, requests: Int = 0, hold: HoldRow? = nil) throws
        -> HealthRow
    {
        HealthRow(
            model: try Name(name),
            channel: try Name("production"),
            release: 1,
            state: state,
            words: "",
            requestsPerSecond: nil,
            errorShare: nil,
            p50Seconds: nil,
            p95Seconds: nil,
            p95History: [],
            requestHistory: Array(repeating: requests, count: 30),
            budgetLeft: nil,
            budgetSLO: nil,
            burnFast: nil,
            rollout: nil,
            hold: hold,
            dataUntil: nil
        )
    }

    @Test(arguments: [HealthRow.State.unknown, .noTraffic])
    func manyIdleOnesAreOneLine(state: HealthRow.State) throws {
        let idle = try (1...30).map { try row("model-\($0)", state) }
        let busy = try [
            row("asked", .healthy, requests: 3), row("burns", .burning), row("fails", .failing),
            row("watched", .watching), row("missed", .missingTraffic),
            row("held", state, hold: Samples(hostile: nil).hold), row("just-asked", state, requests: 1),
        ]
        let folded = try #require(IdleChannels(idle + busy))
        #expect(folded.words.html == "30 channels had no request in the last 5 minutes:")
        #expect(folded.links.count == 12 && folded.rest?.html == "and 18 more")
        let production = try Name("production")
        for row in idle { #expect(folded.holds(row.model, production)) }
        for row in busy { #expect(!folded.holds(row.model, production), "\(row.model)") }
    }

    @Test func fewAreShownEachInItsRow() throws {
        #expect(IdleChannels(try (1...3).map { try row("model-\($0)", .unknown) }) == nil)
        #expect(IdleChannels([]) == nil)
        let four = try #require(IdleChannels(try (1...4).map { try row("model-\($0)", .unknown) }))
        #expect(four.links.count == 4 && four.rest == nil)
    }
}
