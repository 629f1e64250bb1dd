import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin eval`
struct EvaluationGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "eval",
        "How well a release answers the cases of a suite.",
        [EvaluationRunVerb.self, EvaluationList.self, EvaluationShow.self, EvaluationCancel.self]
    )
}

/// `serin eval list`
struct EvaluationList: ListVerb {
    static let configuration = CommandConfiguration.verb(
        "list",
        "List evaluations, newest first: finished, running and stopped.",
        examples: "eval list",
        "eval list ticket-bot"
    )

    @Argument(help: ArgumentHelp("Only of this model.", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    static let kind = "EvaluationList"
    var empty: Advice { "no evaluation yet: \(.evaluationRun())" }

    func ask(_ session: Session) async throws -> ListAnswer<EvaluationSummary> {
        try await session.pages(APIPath.evaluations, [("model", try model.asName()?.text)])
    }

    func name(of evaluation: EvaluationSummary) -> String { evaluation.id.description }

    func report(_ evaluations: [EvaluationSummary], now: Timestamp) -> Report {
        EvaluationOutput.list(evaluations, now: now)
    }
}

/// `serin eval show`
struct EvaluationShow: Verb {
    static let configuration = CommandConfiguration.verb(
        "show",
        "Show an evaluation: scores with bounds, and a wrong answer.",
        discussion: EvaluationWork.formats,
        examples: "eval show e-51",
        "eval show e-51 -o md"
    )
    static var writesMarkdown: Bool { true }
    static var writesJUnit: Bool { true }

    @Argument(help: ArgumentHelp("An evaluation, such as e-51.", valueName: "id")) var id: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let view: EvaluationView = try await session.client.get(APIPath.evaluation(EvaluationWork.job(id)))
        try EvaluationWork.show(view, session)
        // That it was stopped is in what was written, with the reason: looking at it did not fail.
        return view.problem == nil ? .ok : .error
    }
}

/// `serin eval cancel`
struct EvaluationCancel: Verb {
    static let configuration = CommandConfiguration.verb(
        "cancel",
        "End an evaluation that waits or runs, without a result.",
        discussion: """
            What others asked for takes a role that may deploy. Cancelling again changes nothing; exits 5 for one that \
            has its result.
            """,
        examples: "eval cancel e-51",
        "eval cancel e-51 --reason \"wrong set\""
    )

    @Argument(help: ArgumentHelp("An evaluation, such as e-51.", valueName: "id")) var id: String
    @Option(help: ArgumentHelp("Why; it is recorded.", valueName: "text")) var reason: String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let view: EvaluationView = try await session.client.post(
            APIPath.cancelEvaluation(EvaluationID(text: id)),
            CancelRequest(reason: reason)
        )
        try session.show(
            view,
            kind: "Evaluation",
            names: [view.job],
            Report { $0.line(StatusCell.pass("\(view.job) is stopped"), Cell("   \(view.problem?.title ?? "")")) }
        )
        return .ok
    }
}

/// `serin eval run`
struct EvaluationRunVerb: Verb {
    static let configuration = CommandConfiguration.verb(
        "run",
        "Let a release answer the cases of a suite.",
        discussion: """
            Waits for the result. Whether it is good enough is for a policy to say: serin policy explain.
            \(EvaluationWork.formats)
            """,
        examples: "eval run ticket-bot@8 --suite golden",
        "eval run ticket-bot@production --suite golden --no-wait"
    )
    static var writesMarkdown: Bool { true }
    static var writesJUnit: Bool { true }

    @Argument(help: ArgumentHelp("A version, release or channel.", valueName: "ref")) var reference: String
    @Option(help: ArgumentHelp("A traffic set with expected answers.", valueName: "set")) var suite: String
    @OptionGroup var release: ReleaseOptions
    @Flag(help: "Start it, print its id, and do not wait.") var noWait = false
    @Option(help: ArgumentHelp("How long to wait, such as 10m; then exit 7.", valueName: "time"))
    var timeout: WaitLimit?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let request = EvaluationRequest(
            release: try release.choice(session.reference(reference)),
            suite: try Name(suite)
        )
        if noWait {
            let view: EvaluationView = try await session.client.post(APIPath.evaluations, request)
            try session.show(view, kind: "Evaluation", names: [view.job], Report { $0.line(Cell(view.job)) })
            session.printer.next("\(.evaluationShowJob(view.job))")
            return .ok
        }
        let view = try await EvaluationWork(session: session, limitSeconds: timeout?.seconds).run(request)
        try EvaluationWork.show(view, session)
        if let id = view.record?.id { session.talkAddress("page", .evaluation(id)) }
        return .ok
    }
}

/// Starts an evaluation and waits for its result.
struct EvaluationWork: Sendable {
    let session: Session
    let limitSeconds: Double?

    /// What `-o md` and `-o junit` make of an evaluation.
    static let formats = """
        -o md and -o junit write the report for others. In JUnit a metric is a test case: it passes when every case is \
        good, and what is not known is an error.
        """

    /// Writes an evaluation, however far it is.
    static func show(_ view: EvaluationView, _ session: Session) throws {
        switch session.printer.format {
        case .md: Streams.out(EvaluationMarkdown.text(view))
        case .junit: Streams.out(EvaluationJUnit.text(view))
        case .table, .wide, .json, .yaml, .name, .html:
            try session.show(
                view,
                kind: "Evaluation",
                names: [view.record?.id.description ?? view.job],
                EvaluationOutput.show(view)
            )
        }
    }

    /// The number that `text` is, as it stands in an address.
    ///
    /// - Throws: ``CommandsError/badArgument(name:value:problem:example:)``.
    static func job(_ text: String) throws(CommandsError) -> String {
        guard text.utf8.allSatisfy({ (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }),
            !text.isEmpty
        else { throw .badArgument(name: "id", value: text, problem: "it is no evaluation", example: "e-51") }
        return text
    }

    /// Runs to the end.
    ///
    /// - Throws: `Problem`, also when the run could not be finished; ``CommandsError``.
    func run(_ request: EvaluationRequest) async throws -> EvaluationView {
        let started: EvaluationView = try await session.client.post(APIPath.evaluations, request)
        return try await wait(started.job)
    }

    /// Waits for a job.
    func wait(_ job: String) async throws -> EvaluationView {
        let waiting = Waiting(
            session: session,
            what: "evaluation \(job)",
            next: "\(.evaluationShowJob(job))",
            limitSeconds: limitSeconds
        )
        let view: EvaluationView = try await waiting.until(
            label: { "evaluation \($0.job)  \($0.release) on \($0.suite)" },
            progress: { $0.progress },
            isDone: { $0.result != nil || $0.problem != nil }
        ) { try await session.client.get(APIPath.evaluation(job)) }
        if let problem = view.problem { throw problem }
        return view
    }
}
