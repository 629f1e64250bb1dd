import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin canary`
struct CanaryGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "canary",
        "Replay requests through two releases and compare, with a verdict.",
        [CanaryRunVerb.self, CanaryList.self, CanaryShow.self, CanaryWatch.self]
    )
}

/// `serin canary list`
struct CanaryList: ListVerb {
    static let configuration = CommandConfiguration.verb(
        "list",
        "List canaries, newest first.",
        examples: "canary list",
        "canary list ticket-bot --limit 5"
    )

    @Argument(help: ArgumentHelp("Only of this model.", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    static let kind = "CanaryList"
    var empty: Advice { "no canary yet: \(.canaryRun())" }

    func ask(_ session: Session) async throws -> ListAnswer<CanaryRecord> {
        try await session.pages(APIPath.canaries, [("model", try model.asName()?.text)])
    }

    func name(of canary: CanaryRecord) -> String { canary.id.description }
    func report(_ canaries: [CanaryRecord], now: Timestamp) -> Report { CanaryOutput.list(canaries, now: now) }
}

/// `serin canary show`
struct CanaryShow: Verb {
    static let configuration = CommandConfiguration.verb(
        "show",
        "Show a canary; exits 0 whatever it found.",
        examples: "canary show c-204",
        "canary show c-204 -o wide"
    )

    @Argument(help: ArgumentHelp("A canary, such as c-204.", valueName: "id")) var id: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let view: CanaryView = try await session.client.get(APIPath.canary(CanaryID(text: id)))
        return try CanaryWork(session: session, limitSeconds: nil).finish(view, failOn: [])
    }
}

/// `serin canary watch`
struct CanaryWatch: Verb {
    static let configuration = CommandConfiguration.verb(
        "watch",
        "Wait for a canary that runs; exits with its verdict.",
        examples: "canary watch c-204",
        "canary watch c-204 --timeout 10m"
    )

    @Argument(help: ArgumentHelp("A canary, such as c-204.", valueName: "id")) var id: String
    @OptionGroup var verdicts: VerdictOptions
    @Option(help: ArgumentHelp("How long to wait, such as 10m; then exit 7.", valueName: "time"))
    var timeout: WaitLimit?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let failOn = try verdicts.failing()
        let work = CanaryWork(session: session, limitSeconds: timeout?.seconds)
        return try await work.finish(work.wait(CanaryID(text: id)), failOn: failOn)
    }
}

/// Which verdicts are not 0.
struct VerdictOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("Verdicts that exit with their code instead of 0, or none.", valueName: "list"))
    var failOn = "fail,inconclusive,marginal"

    /// The verdicts named.
    ///
    /// - Throws: ``CommandsError/badArgument(name:value:problem:example:)``.
    func failing() throws(CommandsError) -> Set<Verdict> {
        if failOn == "none" { return [] }
        var verdicts: Set<Verdict> = []
        for word in failOn.split(separator: ",") {
            guard let verdict = Verdict(rawValue: String(word)), verdict != .pass else {
                throw .badArgument(
                    name: "--fail-on",
                    value: String(word),
                    problem: "verdicts are fail, inconclusive and marginal",
                    example: "--fail-on fail,inconclusive"
                )
            }
            verdicts.insert(verdict)
        }
        return verdicts
    }
}
