import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat

/// `serin canary run`
struct CanaryRun: Verb {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Replay a traffic set through a candidate and the live release.",
        discussion: """
            Waits for the verdict: exit 0 pass, 10 fail, 11 inconclusive (the number of requests that would decide \
            is given), 12 marginal. Ctrl-C stops the waiting, not the canary.

            Examples:
              serin canary run ticket-bot@8
              serin canary run ticket-bot@8 --traffic week47 --requests 2000 --seed 7
              serin canary run ticket-bot@8 --against ticket-bot@r12 -o json
              serin canary run ticket-bot@8 --fail-on fail
            """
    )

    @Argument(help: ArgumentHelp("The candidate: a version or a release.", valueName: "ref")) var reference: String
    @Option(help: ArgumentHelp("The baseline. (default: what the document says)", valueName: "ref")) var against:
        String?
    @Option(help: ArgumentHelp("The traffic set. (default: the document's)", valueName: "set")) var traffic: String?
    @Option(help: ArgumentHelp("The canary document: checks and margins.", valueName: "document")) var using: String?
    @Option(help: ArgumentHelp("Pairs to compare. (default: the document's)", valueName: "n")) var requests: Int?
    @Option(help: ArgumentHelp("The seed of order and coins.", valueName: "n")) var seed: UInt64?
    @OptionGroup var release: ReleaseOptions
    @OptionGroup var verdicts: VerdictOptions
    @Flag(help: "Start it, print its id, and do not wait.") var noWait = false
    @Option(help: ArgumentHelp("How long to wait, such as 10m; then exit 7.", valueName: "time")) var timeout:
        WaitLimit?
    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if let requests, requests < 1 { throw ValidationError("--requests must be 1 or more.") }
    }

    func run(_ session: Session) async throws -> Exit {
        let failOn = try verdicts.failing()
        let request = CanaryRequest(
            release: try release.choice(session.reference(reference)),
            against: try against.map { ReleaseChoice(reference: try session.reference($0)) },
            traffic: try traffic.map { try Name($0) },
            document: try using.map { try Name($0) },
            requests: requests,
            seed: seed
        )
        if noWait {
            let view: CanaryView = try await session.client.post(APIPath.canaries, request)
            try session.show(
                view,
                kind: "Canary",
                names: [view.record.id.description],
                Report { $0.line(Cell(view.record.id.description)) }
            )
            session.printer.talk("next: serin canary watch \(view.record.id)")
            return .ok
        }
        let work = CanaryWork(session: session, limitSeconds: timeout?.seconds)
        return try await work.finish(work.run(request), failOn: failOn)
    }
}
