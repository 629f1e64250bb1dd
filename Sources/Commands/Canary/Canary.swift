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
        [
            CanaryRunVerb.self, CanaryPlanVerb.self, CanaryList.self, CanaryShow.self, CanaryWatch.self,
            CanaryExtend.self, CanarySamples.self, CanaryRecompute.self, CanaryCancel.self,
        ]
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
        "Show a canary; exits 0 whatever it found, 1 when it was stopped.",
        discussion: CanaryWork.formats + " -o html is the page as one file, which needs nothing else.",
        examples: "canary show c-204",
        "canary show c-204 -o wide",
        "canary show c-204 -o md",
        "canary show c-204 -o html"
    )
    static var writesMarkdown: Bool { true }
    static var writesJUnit: Bool { true }
    static var writesHTML: Bool { true }

    @Argument(help: ArgumentHelp("A canary, such as c-204.", valueName: "id")) var id: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let canary = try CanaryID(text: id)
        if session.printer.format == .html {
            Streams.out(try await session.client.page(APIPath.canaryReport(canary)))
            return .ok
        }
        let view: CanaryView = try await session.client.get(APIPath.canary(canary))
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
    static var writesMarkdown: Bool { true }
    static var writesJUnit: Bool { true }

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

/// `serin canary cancel`
struct CanaryCancel: Verb {
    static let configuration = CommandConfiguration.verb(
        "cancel",
        "End a canary that waits or runs, without a verdict.",
        discussion: """
            What others asked for takes a role that may deploy. Cancelling again changes nothing; exits 5 for one that \
            has its verdict.
            """,
        examples: "canary cancel c-204",
        "canary cancel c-204 --reason \"wrong set\""
    )

    @Argument(help: ArgumentHelp("A canary, such as c-204.", valueName: "id")) var id: String
    @Option(help: ArgumentHelp("Why; it is recorded.", valueName: "text")) var reason: String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let view: CanaryView = try await session.client.post(
            APIPath.cancelCanary(CanaryID(text: id)),
            CancelRequest(reason: reason)
        )
        let name = view.record.id.description
        try session.show(
            view,
            kind: "Canary",
            names: [name],
            Report { $0.line(StatusCell.pass("\(name) is stopped"), Cell("   \(view.record.summary ?? "")")) }
        )
        return .ok
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
                    problem: "verdicts are fail, inconclusive, marginal and invalid",
                    example: "--fail-on fail,inconclusive"
                )
            }
            verdicts.insert(verdict)
        }
        // A run that is not valid says as little as one that is open.
        if verdicts.contains(.inconclusive) { verdicts.insert(.invalid) }
        return verdicts
    }
}

/// `serin canary run`
struct CanaryRunVerb: Verb {
    static let configuration = CommandConfiguration.verb(
        "run",
        "Replay a traffic set through a candidate and the live release.",
        discussion: """
            Waits for the verdict: exit 0 pass, 10 fail, 11 inconclusive (the number of requests that would decide \
            is given), 12 marginal. Ctrl-C stops the waiting, not the canary: serin canary cancel does.
            \(CanaryWork.formats)
            """,
        examples: "canary run ticket-bot@8",
        "canary run ticket-bot@8 --traffic week47 --requests 2000 --seed 7",
        "canary run ticket-bot@8 --against ticket-bot@r12 -o json",
        "canary run ticket-bot@8 --fail-on fail",
        "canary run ticket-bot@8 --plan"
    )
    static var writesMarkdown: Bool { true }
    static var writesJUnit: Bool { true }

    @Argument(help: ArgumentHelp("The candidate: a version or a release.", valueName: "ref")) var reference: String
    @OptionGroup var canary: CanaryOptions
    @OptionGroup var verdicts: VerdictOptions
    @Flag(help: "Start it, print its id, and do not wait.") var noWait = false
    @Flag(help: "Start nothing: say what it would need, as canary plan does.") var plan = false
    @Option(help: ArgumentHelp("How long to wait, such as 10m; then exit 7.", valueName: "time"))
    var timeout: WaitLimit?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let failOn = try verdicts.failing()
        let request = try canary.request(reference, session)
        if plan { return try await CanaryPlanWork.show(request, session) }
        if noWait {
            return try CanaryWork.started(try await session.client.post(APIPath.canaries, request), session)
        }
        let work = CanaryWork(session: session, limitSeconds: timeout?.seconds)
        return try await work.finish(work.run(request), failOn: failOn)
    }
}

/// Starts a canary and waits for its verdict.
struct CanaryWork: Sendable {
    let session: Session
    let limitSeconds: Double?

    /// What `-o md` and `-o junit` make of a canary.
    static let formats = """
        -o md and -o junit write the report for others. In JUnit a check is a test case: worse and marginal are failures, \
        undecided is an error, watched and not applicable are skipped.
        """

    /// Runs to the verdict.
    ///
    /// - Throws: `Problem`, ``CommandsError``.
    func run(_ request: CanaryRequest) async throws -> CanaryView {
        let started: CanaryView = try await session.client.post(APIPath.canaries, request)
        return try await wait(started.record.id)
    }

    /// Extends one that did not decide, to its verdict.
    ///
    /// - Throws: as ``run(_:)``.
    func extend(_ id: CanaryID, to requests: Int?) async throws -> CanaryView {
        let started: CanaryView = try await session.client.post(
            APIPath.extendCanary(id),
            ExtendCanaryRequest(requests: requests)
        )
        return try await wait(started.record.id)
    }

    /// Names one that was started, for those who do not wait.
    static func started(_ view: CanaryView, _ session: Session) throws -> Exit {
        let id = view.record.id.description
        try session.show(view, kind: "Canary", names: [id], Report { $0.line(Cell(id)) })
        session.printer.next("\(.canaryWatch(view.record.id))")
        return .ok
    }

    /// Waits for a canary that runs, or is judged already.
    func wait(_ id: CanaryID) async throws -> CanaryView {
        let waiting = Waiting(
            session: session,
            what: "canary \(id)",
            next: "\(.canaryWatch(id))",
            limitSeconds: limitSeconds
        )
        return try await waiting.until(
            label: { "canary \($0.record.id)  \($0.record.candidate) against r\($0.record.baseline.number)" },
            progress: { $0.record.state == .running ? $0.progress : nil },
            isDone: { $0.record.state != .running }
        ) { try await session.client.get(APIPath.canary(id)) }
    }

    /// What to do about one that is open: more requests, a larger set, or a look at what was expected.
    static func next(_ view: CanaryView) -> Advice {
        let record = view.record
        if let extendedBy = view.extendedBy { return Advice(.canaryShow(extendedBy)) }
        if let extensionNeeded = view.extensionNeeded { return Advice(.canaryExtend(record.id, to: extensionNeeded)) }
        switch view.moreRequests {
        case .again(let requests):
            return Advice(
                .canaryRun(
                    .release(record.candidate),
                    against: .release(record.baseline),
                    using: record.document,
                    traffic: record.traffic,
                    requests: requests,
                    // What was extended looks at other requests now.
                    seed: view.report?.judgment.looks?.isExtended == true ? nil : record.seed
                )
            )
        case .larger(let requests, _):
            return """
                freeze or import a larger set and name it in canary document \(record.document): \
                \(.trafficFreeze(nil, model: record.candidate.model, sample: requests))
                """
        case nil:
            if view.report?.isSilentAboutExpectations ?? true {
                return "look at the set and at what it expects: \(.trafficShow(record.traffic))"
            }
            // The set is not to blame where what was measured has no value, or none that could get worse.
            return again(record)
        }
    }

    private static func again(_ record: CanaryRecord) -> Advice {
        """
        mend what the reasons name, in canary document \(record.document) or in the releases, then: \
        \(.canaryRun(.release(record.candidate), against: .release(record.baseline), using: record.document))
        """
    }

    /// Writes the report of a canary and says what to exit with.
    func finish(_ view: CanaryView, failOn: Set<Verdict>) throws -> Exit {
        switch session.printer.format {
        case .md: Streams.out(CanaryMarkdown.text(view))
        case .junit: Streams.out(CanaryJUnit.text(view))
        case .table, .wide, .json, .yaml, .name, .html:
            try session.show(view, kind: "Canary", names: [view.record.id.description], CanaryOutput.show(view))
        }
        session.talkAddress("report", .canary(view.record.id))
        guard let verdict = view.record.verdict else {
            // What went wrong is no verdict.
            return view.record.state == .running ? .ok : .error
        }
        switch verdict {
        case .inconclusive: session.printer.next(Self.next(view))
        case .invalid: session.printer.next(Self.again(view.record))
        case .pass, .fail, .marginal: break
        }
        return failOn.contains(verdict) ? Exit(verdict) : .ok
    }
}
