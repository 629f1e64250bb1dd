import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin eval run`
struct EvaluationRun: Verb {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Let a release answer the cases of a suite.",
        discussion: """
            Waits for the result. Whether it is good enough is for a policy to say: serin policy explain.

            Examples:
              serin eval run ticket-bot@8 --suite golden
              serin eval run ticket-bot@production --suite golden --no-wait
            """
    )

    @Argument(help: ArgumentHelp("A version, release or channel.", valueName: "ref")) var reference: String
    @Option(help: ArgumentHelp("A traffic set with expected answers.", valueName: "set")) var suite: String
    @OptionGroup var release: ReleaseOptions
    @Flag(help: "Start it, print its id, and do not wait.") var noWait = false
    @Option(help: ArgumentHelp("How long to wait, such as 10m; then exit 7.", valueName: "time")) var timeout:
        WaitLimit?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let request = EvaluationRequest(
            release: try release.choice(session.reference(reference)),
            suite: try Name(suite)
        )
        if noWait {
            let view: EvaluationView = try await session.client.post(APIPath.evaluations, request)
            try session.show(view, kind: "Evaluation", names: [view.job], Report { $0.line(Cell(view.job)) })
            session.printer.talk("next: serin eval show \(view.job)")
            return .ok
        }
        let view = try await EvaluationWork(session: session, limitSeconds: timeout?.seconds).run(request)
        try session.show(view, kind: "Evaluation", names: [view.record?.id.description ?? view.job], .evaluation(view))
        if let id = view.record?.id { session.talkAddress("page", .evaluation(id)) }
        return .ok
    }
}
