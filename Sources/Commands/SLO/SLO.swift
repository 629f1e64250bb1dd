import ArgumentParser
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// `serin slo`
struct SLOGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "slo",
        "Service levels: what is promised, how much may still go wrong.",
        [SLOList.self, SLOShow.self, SLOExplain.self, SLOLintVerb.self]
    )
}

/// `serin slo list`
struct SLOList: ListVerb {
    static let configuration = CommandConfiguration.verb(
        "list",
        "List the SLOs of every model with how they stand.",
        examples: "slo list",
        "slo list --model ticket-bot -o wide"
    )

    @Option(help: ArgumentHelp("Only of this model.", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    static let kind = "SLOList"
    var empty: Advice {
        "no SLO measures a model yet: \(.publish(.weights)); where no SLO is in force: \(.apply(file: "slo.yaml"))"
    }
    var page: PagePath? { .slos(of: try? model.asName()) }

    func ask(_ session: Session) async throws -> ListAnswer<SLORow> {
        try await session.pages(APIPath.slos, [("model", try model.asName()?.text)])
    }

    func name(of row: SLORow) -> String { row.name.text }
    func report(_ rows: [SLORow], now: Timestamp) -> Report { SLOOutput.list(rows) }

    /// What nobody calls is one line for people, however many rows are shown; programs get every row.
    func run(_ session: Session) async throws -> Exit {
        if session.printer.format.isForPrograms {
            try session.showList(try await ask(session), kind: Self.kind, names: name(of:), empty: empty) {
                SLOOutput.list($0)
            }
        } else {
            let rows: [SLORow] = try await session.all(APIPath.slos, [("model", try model.asName()?.text)])
            let fold = SLOFold(rows, keepsIdle: model != nil)
            try session.showList(
                ListAnswer(items: fold.rows),
                kind: Self.kind,
                names: name(of:),
                empty: fold.lines.isEmpty ? empty : "no SLO has anything to show"
            ) { SLOOutput.list($0, lines: fold.lines) }
        }
        if let page { session.talkAddress("page", page) }
        return .ok
    }
}

/// Which model an SLO is asked about.
struct SLOOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("The model (SERIN_MODEL), where the SLO is about several.", valueName: "model"))
    var model: String?
}

/// A verb about one SLO of a model.
protocol SLOVerb: ShowVerb where Shown == SLOView {
    /// The SLO.
    var name: String { get }
    /// Which model it is asked about.
    var which: SLOOptions { get }
}

extension SLOVerb {
    static var kind: String { "SLO" }

    func ask(_ session: Session) async throws -> SLOView {
        let model = try (which.model ?? session.settings.model).asName()
        return try await session.client.get(APIPath.slo(Name(name)), [("model", model?.text)])
    }

    func name(of view: SLOView) -> String { view.row.name.text }
    func page(of view: SLOView) -> PagePath? { .slo(view.row.name, of: view.row.model) }
}

/// `serin slo show`
struct SLOShow: SLOVerb {
    static let configuration = CommandConfiguration.verb(
        "show",
        "Show an SLO of a model: budget, burn, alerts, which release spent it.",
        examples: "slo show availability",
        "slo show availability --model ticket-bot"
    )

    @Argument(help: ArgumentHelp("The SLO.", valueName: "name")) var name: String
    @OptionGroup var which: SLOOptions
    @OptionGroup var global: GlobalOptions

    func report(_ view: SLOView, now: Timestamp) -> Report { SLOOutput.show(view) }
    func next(after view: SLOView) -> Advice? {
        view.row.state == .off
            ? "write a time for atMost into the file of the SLO, and: \(.apply(file: "\(view.row.name).yaml"))"
            : "\(.sloExplain(view.row.name, model: view.row.model))"
    }
}

/// `serin slo explain`
struct SLOExplain: SLOVerb {
    static let configuration = CommandConfiguration.verb(
        "explain",
        "Say how an SLO is counted, when it alarms, and what its budget decides.",
        examples: "slo explain availability --model ticket-bot"
    )

    @Argument(help: ArgumentHelp("The SLO.", valueName: "name")) var name: String
    @OptionGroup var which: SLOOptions
    @OptionGroup var global: GlobalOptions

    func report(_ view: SLOView, now: Timestamp) -> Report { SLOExplanation.show(view) }
}

/// `serin slo lint`
struct SLOLintVerb: Verb {
    static let configuration = CommandConfiguration.verb(
        "lint",
        "Check files with SLOs; asks no server.",
        discussion: """
            Exits 65 with file, line and near name for everything that is wrong. What the server thinks of an SLO \
            that is right (too few events, a target nobody can keep) is in: serin slo show NAME

            Warns, and exits 0, of what can be read and is probably not meant: an alert that can never fire, a promise \
            over the target, a limit that nobody has set.
            """,
        examples: "slo lint Policies/slos/",
        "slo lint -f availability.yaml -o json"
    )

    @OptionGroup var documents: DocumentPaths
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        try documents.lint(session, kind: "SLO") { document in
            if case .slo = document { true } else { false }
        }
    }
}
