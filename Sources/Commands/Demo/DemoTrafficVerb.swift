public import ArgumentParser
import AsyncHTTPClient
import DemoTraffic
import Foundation
import RegistryTypes
import WireFormat

/// `serin demo traffic`
struct DemoTrafficVerb: Verb {
    static let configuration = CommandConfiguration.verb(
        "traffic",
        "Send support tickets to the running server, as customers would, and label the answers.",
        discussion: """
            Tickets come from the grammar that the demo's model was trained on, so the right answer to each is known. \
            They are sent when they are due, whatever the server does; each answer is compared and labelled. Ctrl-C \
            prints the figures so far.
            """,
        examples: "demo traffic",
        "demo traffic --rate 5 --for 60s --seed 7",
        "demo traffic ticket-bot@staging --for 5m --no-label -o json",
        "demo traffic --shift locale --rate 20"
    )

    @Argument(help: ArgumentHelp("The model to ask. (default: SERIN_MODEL or ticket-bot)", valueName: "model"))
    var model: String?
    @Option(help: ArgumentHelp("Requests a second on average.", valueName: "n")) var rate = 5.0
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How long, such as 90s or 5m. (default: 60s)", valueName: "time")
    )
    var length: WaitLimit?
    @Option(help: ArgumentHelp("What differs from training: none, locale or length.", valueName: "shift"))
    var shift = Choice(TicketShift.none)
    @Option(help: ArgumentHelp("The seed of arrivals, tickets and users. (default: drawn)", valueName: "n"))
    var seed: UInt64?
    @Option(help: ArgumentHelp("How many customers write.", valueName: "n")) var users = 40
    @Option(help: ArgumentHelp("Requests under way at most.", valueName: "n")) var inFlight = 32
    @Flag(inversion: .prefixedNo, help: "Say of each answer whether it was right.") var label = true
    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        guard (0.01...1000).contains(rate) else { throw ValidationError("--rate must be between 0.01 and 1000.") }
        guard (1...100_000).contains(users) else { throw ValidationError("--users must be between 1 and 100000.") }
        guard (1...1024).contains(inFlight) else { throw ValidationError("--in-flight must be between 1 and 1024.") }
        if let length, length.seconds > 86_400 { throw ValidationError("--for must be at most 24h.") }
    }

    func run(_ session: Session) async throws -> Exit {
        let reference = try session.reference(model ?? session.settings.model ?? "ticket-bot")
        let seed = self.seed ?? UInt64.random(in: 0..<1_000_000_000)
        let seconds = length?.seconds ?? 60
        let startedAt = Timestamp(Date())
        // A connection for each request under way, so that none waits for another on this side.
        var configuration = RegistryClient.configuration
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = inFlight
        let outcome = try await HTTPClient.withHTTPClient(configuration: configuration) { http in
            let run = TrafficRun(
                gateway: GatewayClient(registry: session.client.with(http: http)),
                model: reference.description,
                plan: TrafficPlan(
                    shift: shift.value,
                    requestsPerSecond: rate,
                    seconds: seconds,
                    users: users,
                    seed: seed
                ),
                maxInFlight: inFlight,
                wantsLabels: label
            )
            var line = TrafficLine(
                mode: session.settings.progress,
                style: session.printer.talkStyle,
                seconds: seconds
            )
            defer { Streams.talk(line.close()) }
            return try await run { tally, elapsed in Streams.talk(line.update(tally, elapsed: elapsed)) }
        }
        let summary = TrafficSummary(
            outcome.tally,
            model: reference.description,
            shift: shift.value,
            requestsPerSecond: rate,
            seed: seed,
            startedAt: startedAt,
            seconds: outcome.seconds,
            isInterrupted: outcome.isInterrupted
        )
        try session.show(
            summary,
            kind: "DemoTraffic",
            names: summary.releases.map(\.release),
            DemoOutput.summary(summary)
        )
        if outcome.isInterrupted { return .interrupted }
        return summary.answered == 0 && summary.sent > 0 ? .error : .ok
    }
}

extension RegistryClient {
    /// The same client over other connections.
    fileprivate func with(http: HTTPClient) -> RegistryClient {
        RegistryClient(http: http, server: server, serverOrigin: serverOrigin, token: token, detail: detail)
    }
}

extension CommandLineInterface {
    /// The verbs of `serin demo` that need a running server.
    public static var demo: [any ParsableCommand.Type] { [DemoTrafficVerb.self] }
}
