import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// Which canary is meant: what `canary run` and `canary plan` take alike.
struct CanaryOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("The baseline. (default: what the document says)", valueName: "ref"))
    var against: String?
    @Option(help: ArgumentHelp("The traffic set. (default: the document's)", valueName: "set")) var traffic: String?
    @Option(help: ArgumentHelp("The canary document: checks and margins.", valueName: "document")) var using: String?
    @Option(help: ArgumentHelp("Pairs to compare. (default: the document's)", valueName: "n")) var requests: Int?
    @Option(help: ArgumentHelp("The seed of order and coins.", valueName: "n")) var seed: UInt64?
    @OptionGroup var release: ReleaseOptions

    mutating func validate() throws {
        if let requests, requests < 1 { throw ValidationError("--requests must be 1 or more.") }
    }

    /// What is asked of the server for a candidate.
    ///
    /// - Throws: ``CommandsError``.
    func request(_ reference: String, _ session: Session) throws -> CanaryRequest {
        CanaryRequest(
            release: try release.choice(session.reference(reference)),
            against: try against.map { ReleaseChoice(reference: try session.reference($0)) },
            traffic: try traffic.asName(),
            document: try using.asName(),
            requests: requests,
            seed: seed
        )
    }
}

/// `serin canary plan`
struct CanaryPlanVerb: Verb {
    static let configuration = CommandConfiguration.verb(
        "plan",
        "Say how many requests a canary needs, what it could show and how long it takes.",
        discussion: """
            Runs nothing. The noise of each check is that of the newest canary by the same document; without one the \
            numbers are not known. Refuses what canary run would refuse. Of the live release itself it says what a \
            candidate of it would need.
            """,
        examples: "canary plan ticket-bot@8",
        "canary plan ticket-bot --using tickets --requests 800"
    )

    @Argument(help: ArgumentHelp("The candidate: a version or a release.", valueName: "ref")) var reference: String
    @OptionGroup var canary: CanaryOptions
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        try await CanaryPlanWork.show(canary.request(reference, session), session)
    }
}

/// Asks for a plan and prints it.
enum CanaryPlanWork {
    /// - Throws: `Problem`, ``CommandsError``.
    static func show(_ request: CanaryRequest, _ session: Session) async throws -> Exit {
        let view: CanaryPlanView = try await session.client.post(APIPath.canaryPlan, request)
        try session.show(view, kind: "CanaryPlan", names: ["\(view.candidate)"], report(view))
        session.printer.next(next(view, request))
        return .ok
    }

    /// What to do with it: the run, or a number or a set that is large enough.
    private static func next(_ view: CanaryPlanView, _ request: CanaryRequest) -> Advice {
        let isSame = view.candidate == view.baseline
        let subject: NextStep.Subject =
            isSame ? .someVersion(of: view.candidate.model) : .reference(request.release.reference)
        func run(_ requests: Int?) -> NextStep {
            .canaryRun(
                subject,
                against: request.against.map { .reference($0.reference) },
                using: view.document,
                traffic: request.traffic,
                requests: requests,
                seed: request.seed
            )
        }
        switch view.moreRequests {
        case .again(let requests): return Advice(run(requests))
        case .larger(let requests, _):
            return """
                freeze or import a larger set and name it in canary document \(view.document): \
                \(.trafficFreeze(nil, model: view.candidate.model, sample: requests))
                """
        case nil: return Advice(run(request.requests))
        }
    }

    /// What a person reads.
    static func report(_ view: CanaryPlanView) -> Report {
        let count = NumberText.count(view.requests)
        return Report { report in
            report.line(
                Cell("canary by \(view.document)", .strong),
                Cell(
                    "  \(view.candidate) against r\(view.baseline.number)   \(view.traffic), \(count) of "
                        + NumberText.count(view.trafficRequests, "request")
                )
            )
            if let conversations = view.conversations {
                report.line(Cell("  of \(NumberText.count(conversations, "conversation")): one counts once"))
            }
            report.blank()
            var table = Table(
                .text("CHECK"),
                .figure("ALLOWED"),
                .figure("NEEDS"),
                .figure("\(count) COULD RULE OUT"),
                .figure("AT LEAST"),
                indent: 2
            )
            for check in view.checks {
                let text = CheckText(check)
                table.row(
                    Cell(check.title + (check.critical ? " *" : check.watchOnly ? " ·" : "")),
                    Cell(text.amount(check.margin)),
                    Cell(check.requestsNeeded.map(NumberText.estimate) ?? "unknown"),
                    Cell(check.detectable.map { text.amount($0) } ?? "unknown"),
                    Cell(NumberText.count(check.minimum))
                )
            }
            report.table(table)
            report.line(Cell("  * critical   · shown, does not decide", .faint))
            report.blank()
            report.line(Cell(view.sentence))
            if let extendTo = view.extendTo {
                report.line(Cell("it extends by itself to \(NumberText.count(extendTo)) where \(count) do not decide"))
            }
            guard let basis = view.basis else { return }
            let looks = view.lookEvery.map { $0 < view.requests ? ", less where the answer is known early" : "" } ?? ""
            report.line(
                Cell(
                    view.seconds.map { "about \(NumberText.duration($0)) for all \(count) pairs\(looks)" }
                        ?? "how long it takes is not known"
                )
            )
            report.line(
                Cell(
                    "  noise and pace of \(basis.canary): \(basis.candidate), \(basis.verdict.rawValue), "
                        + NumberText.count(basis.requests, "pair")
                        + (basis.verdict == .fail ? "; an equal candidate differs less and needs fewer" : ""),
                    .faint
                )
            )
        }
    }
}
