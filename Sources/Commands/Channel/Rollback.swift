import ArgumentParser
import Digests
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin rollback`
struct Rollback: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Take a channel back to the last settled release; never asks.",
        discussion: """
            Examples:
              serin rollback ticket-bot
              serin rollback ticket-bot --reason "JSON broken for refunds"
              serin rollback ticket-bot --channel staging --to r7 --dry-run
            """,
        aliases: ["undo"]
    )

    @Argument(help: ArgumentHelp("The model (SERIN_MODEL).", valueName: "model"))
    var model: String?

    @Option(help: ArgumentHelp("The channel.", valueName: "channel"))
    var channel = "production"

    @Option(
        help: ArgumentHelp("The release to go to, such as r7; the last settled one when not given.", valueName: "rN")
    )
    var to: String?

    @Option(help: ArgumentHelp("Why.", valueName: "text"))
    var reason: String?

    @Option(help: ArgumentHelp("The release the channel must point to now.", valueName: "rN"))
    var expect: String?

    @Flag(help: "Say what would happen; change nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let model = try session.model(model)
        let channel = try Name(channel)
        session.work.set(.init(what: "the rollback was asked for and may be done", next: "\(.status(model))"))
        let answer: MoveAnswer = try await session.client.post(
            APIPath.rollback(model, channel),
            RollbackRequest(
                to: try to.map { try ReleaseNumber.read($0, flag: "--to") },
                reason: reason,
                dryRun: dryRun ? true : nil,
                expectedRelease: try expect.map { try ReleaseNumber.read($0, flag: "--expect") },
                idempotencyKey: try RandomBytes.make(count: 16).hexadecimal
            )
        )
        try session.show(answer, kind: "Move", names: [answer.to.id.description], DecisionOutput.move(answer))
        return answer.outcome == .refused ? .refused : .ok
    }
}
