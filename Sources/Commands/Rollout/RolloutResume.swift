import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin rollout resume`
struct RolloutResume: Verb {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Lift the hold that the return of a release left on a channel.",
        discussion: """
            Lifting it promotes nothing: it says that the cause is understood, and lets the next promotion be decided.

            Examples:
              serin rollout resume ticket-bot --reason "v2 lost its scales; v3 keeps them"
              serin rollout resume ticket-bot --channel staging --reason "load test"
            """
    )

    @Argument(help: ArgumentHelp("The model (SERIN_MODEL).", valueName: "model")) var model: String?
    @Option(help: ArgumentHelp("The channel.", valueName: "channel")) var channel = "production"
    @Option(help: ArgumentHelp("Why, for those who come after.", valueName: "text")) var reason: String
    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason TEXT must not be empty.") }
    }

    func run(_ session: Session) async throws -> Exit {
        let model = try session.model(model)
        let channel = try Name(channel)
        let hold: HoldRow = try await session.client.post(
            APIPath.resume(model, channel),
            ReasonRequest(reason: reason)
        )
        let name = "\(hold.model)@\(hold.channel)"
        try session.show(
            hold,
            kind: "Hold",
            names: [name],
            Report { report in
                report.line(StatusCell.pass("the hold on \(name) is lifted"))
                report.line(Cell("  it stood since \(TimeText.second(hold.since)): \(hold.reason)"))
            }
        )
        session.printer.talk("next: serin promote REF --to \(channel)")
        if let rollout = hold.rollout { session.talkAddress("page", .rollout(rollout)) }
        return .ok
    }
}
