import ArgumentParser
import Digests
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin promote`
struct Promote: Verb {
    static let configuration = CommandConfiguration.verb(
        "promote",
        "Move a channel to a release, if its policy allows it.",
        discussion: """
            A version becomes a release with the prompt and settings now live in the channel, unless flags change \
            them. Exits 13 when the policy refuses; --run-missing runs the evaluations and canaries it asks for \
            first, and exits with their verdict when one says no.
            """,
        examples: "promote ticket-bot@8 --to production",
        "promote ticket-bot@8 --to production --run-missing",
        "promote ticket-bot@r12 --to staging --dry-run",
        "promote ticket-bot@8 --to production --override --reason \"v1 is down\""
    )

    @Argument(help: ArgumentHelp("A version or a release.", valueName: "ref"))
    var reference: String

    @Option(help: ArgumentHelp("The channel.", valueName: "channel"))
    var to: String

    @OptionGroup var release: ReleaseOptions

    @Flag(help: "Run the evaluations and canaries that are missing first.")
    var runMissing = false

    @Option(help: ArgumentHelp("The traffic set for a missing canary.", valueName: "set"))
    var traffic: String?

    @Option(help: ArgumentHelp("How long to wait for missing checks, such as 10m.", valueName: "time"))
    var timeout: WaitLimit?

    @Flag(help: "Move against the policy; needs the role and --reason, and is recorded.")
    var override = false

    @Option(help: ArgumentHelp("Why.", valueName: "text"))
    var reason: String?

    @Flag(help: "Say what the policy answers; move nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("The release the channel must point to now, such as r12.", valueName: "rN"))
    var expect: String?

    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if override && (reason ?? "").allSatisfy(\.isWhitespace) {
            throw ValidationError("--override needs --reason TEXT: it is recorded for those who come after.")
        }
        if runMissing && dryRun { throw ValidationError("--run-missing and --dry-run exclude each other.") }
        if runMissing && override { throw ValidationError("--run-missing and --override exclude each other.") }
    }

    func run(_ session: Session) async throws -> Exit {
        let reference = try session.reference(reference)
        let channel = try Name(to)
        let choice = try release.choice(reference, channel: channel)
        if runMissing {
            let checks = MissingChecks(
                session: session,
                choice: choice,
                channel: channel,
                traffic: try traffic.map { try Name($0) },
                limitSeconds: timeout?.seconds
            )
            let exit = try await checks.run()
            guard exit == .ok else { return exit }
        }
        session.work.set(.init(what: "the move was asked for and may be done", next: "\(.status(reference.model))"))
        let answer: MoveAnswer = try await session.client.post(
            APIPath.promote(reference.model, channel),
            PromoteRequest(
                release: choice,
                reason: reason,
                override: override ? true : nil,
                dryRun: dryRun ? true : nil,
                expectedRelease: try expect.map { try ReleaseNumber.read($0, flag: "--expect") },
                idempotencyKey: try RandomBytes.make(count: 16).hexadecimal
            )
        )
        try session.show(answer, kind: "Move", names: [answer.to.id.description], DecisionOutput.move(answer))
        switch answer.outcome {
        case .refused:
            if answer.decision?.gates.contains(where: { $0.type == "hold" && $0.blocks }) == true {
                session.printer.next("\(.rolloutResume(answer.model, channel: answer.channel))")
            }
            if let id = answer.decision?.id { session.talkAddress("decision", .decision(id)) }
            return answer.decision?.outcome == .waiting ? .waiting : .refused
        case .wouldMove, .unchanged: return .ok
        case .moved:
            let rollout = session.printer.isQuiet ? nil : await Self.probation(of: answer, session)
            if let rollout { session.printer.talk(RolloutOutput.probation(rollout)) }
            let back = NextStep.rollback(answer.model, channel: channel)
            let status = NextStep.status(answer.model, watch: rollout != nil)
            session.printer.next(answer.from == nil ? "\(status)" : "\(status)        back: \(back)")
            return .ok
        }
    }

    /// The watch that began with the move; nil when the policy has none. The move stands whether or not it can be read.
    private static func probation(of answer: MoveAnswer, _ session: Session) async -> RolloutView? {
        let rows: ListAnswer<RolloutRow>? = try? await session.client.get(
            APIPath.rollouts,
            [("model", answer.model.text), ("limit", "5")]
        )
        guard
            let row = rows?.items.first(where: {
                $0.channel == answer.channel && $0.release == answer.to.id.number
                    && $0.state == RolloutState.probation.rawValue
            })
        else { return nil }
        // The watch begins within a second of the move; until then it says nothing of its triggers.
        var view: RolloutView?
        for _ in 0..<3 {
            view = try? await session.client.get(APIPath.rollout(row.id))
            guard let view, view.triggers.isEmpty, view.row.state == RolloutState.probation.rawValue else { break }
            try? await Task.sleep(for: .milliseconds(500))
        }
        return view
    }
}
