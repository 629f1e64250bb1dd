public import ArgumentParser
import AsyncHTTPClient
import Foundation
import RegistryTypes
import WireFormat
import Wording

/// What a verb exits with.
typealias Exit = WireFormat.ExitCode

/// A command that works through a ``Session``.
protocol Verb: AsyncParsableCommand, Sendable {
    /// The flags every verb has.
    var global: GlobalOptions { get }

    /// Whether it can write Markdown (`-o md`).
    static var writesMarkdown: Bool { get }

    /// Whether it prints a list, so that `--limit` says how much of it.
    static var limitsRows: Bool { get }

    /// Whether it can write JUnit XML (`-o junit`).
    static var writesJUnit: Bool { get }

    /// Whether it can write a page as one file (`-o html`).
    static var writesHTML: Bool { get }

    /// Whether a name says enough (`-o name`).
    static var writesNames: Bool { get }

    /// Does the work.
    ///
    /// - Returns: The exit code; a refusal or a failed check is an answer, not an error.
    /// - Throws: `Problem` from the server, ``CommandsError`` from here.
    func run(_ session: Session) async throws -> Exit
}

extension Verb {
    static var writesMarkdown: Bool { false }
    static var writesJUnit: Bool { false }
    static var writesHTML: Bool { false }
    static var limitsRows: Bool { false }
    static var writesNames: Bool { true }

    /// What it takes after `-o`: what help and completion offer, and all that is not refused.
    static var formats: [OutputFormat] {
        OutputFormat.allCases.filter { format in
            switch format {
            case .table, .wide, .json, .yaml: true
            case .name: writesNames
            case .md: writesMarkdown
            case .junit: writesJUnit
            case .html: writesHTML
            }
        }
    }

    /// Runs the verb in the environment of the process.
    mutating func run() async throws {
        let exit = await VerbRun(global: global).perform(self)
        if exit != .ok { throw ArgumentParser.ExitCode(Int32(exit.rawValue)) }
    }
}

/// A verb that asks for a list and prints it: what differs from noun to noun, and nothing else.
protocol ListVerb: Verb {
    /// What is listed.
    associatedtype Item: Hashable & Sendable & Codable

    /// The kind of the list for programs, such as `CanaryList`.
    static var kind: String { get }

    /// Asks the server.
    func ask(_ session: Session) async throws -> ListAnswer<Item>

    /// What `-o name` prints for an item.
    func name(of item: Item) -> String

    /// What is said when there is none.
    var empty: Advice { get }

    /// The table for a person; `now` is what ages are counted to.
    func report(_ items: [Item], now: Timestamp) -> Report

    /// The page that shows the same.
    var page: PagePath? { get }
}

extension ListVerb {
    static var limitsRows: Bool { true }
    var page: PagePath? { nil }

    func run(_ session: Session) async throws -> Exit {
        try session.showList(
            try await ask(session),
            kind: Self.kind,
            names: name(of:),
            empty: empty
        ) { report($0, now: session.printer.style.now) }
        if let page { session.talkAddress("page", page) }
        return .ok
    }
}

/// A verb that asks for one thing and prints it.
protocol ShowVerb: Verb {
    /// What is shown.
    associatedtype Shown: Encodable & Sendable

    /// The kind of the thing for programs, such as `Canary`.
    static var kind: String { get }

    /// Asks the server.
    func ask(_ session: Session) async throws -> Shown

    /// What `-o name` prints.
    func name(of shown: Shown) -> String

    /// What a person reads; `now` is what ages are counted to.
    func report(_ shown: Shown, now: Timestamp) -> Report

    /// What to do next.
    func next(after shown: Shown) -> Advice?

    /// The page that shows the same, and what it is called.
    func page(of shown: Shown) -> PagePath?
    static var pageLabel: String { get }

    /// What to exit with once it is shown.
    func exit(after shown: Shown) throws -> Exit
}

extension ShowVerb {
    static var pageLabel: String { "page" }
    func next(after shown: Shown) -> Advice? { nil }
    func page(of shown: Shown) -> PagePath? { nil }
    func exit(after shown: Shown) throws -> Exit { .ok }

    func run(_ session: Session) async throws -> Exit {
        let shown = try await ask(session)
        let drawn = report(shown, now: session.printer.style.now)
        try session.show(shown, kind: Self.kind, names: [name(of: shown)], drawn)
        if let advice = next(after: shown) { session.printer.next(advice) }
        if let address = page(of: shown) { session.talkAddress(Self.pageLabel, address) }
        return try exit(after: shown)
    }
}

extension CommandConfiguration {
    /// A verb with its examples, each a command line without `serin`; one named `list` is also `ls`.
    public static func verb(
        _ name: String,
        _ abstract: String,
        discussion: String = "",
        examples: String...
    ) -> CommandConfiguration {
        let lines = ["Examples:"] + examples.map { "  serin \($0)" }
        return CommandConfiguration(
            commandName: name,
            abstract: abstract,
            discussion: (discussion.isEmpty ? "" : discussion + "\n\n") + lines.joined(separator: "\n"),
            aliases: name == "list" ? ["ls"] : []
        )
    }

    /// The verbs of a noun.
    public static func noun(_ name: String, _ abstract: String, _ verbs: [any ParsableCommand.Type])
        -> CommandConfiguration
    {
        CommandConfiguration(commandName: name, abstract: abstract, subcommands: verbs)
    }
}

extension Optional<String> {
    /// The name that a flag holds, if it was given.
    ///
    /// - Throws: `RegistryTypesError`.
    func asName() throws(RegistryTypesError) -> Name? {
        guard let text = self else { return nil }
        return try Name(text)
    }
}

/// One run of a verb: settles the settings, opens the connection, listens for Ctrl-C, reports what went wrong.
struct VerbRun {
    let global: GlobalOptions

    /// Runs `verb` and returns its exit code; nothing is thrown past here.
    func perform(_ verb: some Verb) async -> Exit {
        let environment = Environment.current()
        let now = Timestamp(Date())
        let settings: Settings
        let token: Token?
        do {
            settings = try Settings(global, environment, now: now)
            token = try Token.find(for: settings.server, file: global.tokenFile, environment)
            let refusal = Self.refusal(
                of: settings.printer.format,
                isFlag: global.output != nil,
                by: type(of: verb)
            )
            if let refusal { throw refusal }
        } catch {
            let format = global.output ?? .table
            let style = TextStyle(ascii: environment.drawsASCII, now: now)
            return Self.report(error, format: format, style: style, isVerbose: global.verbose)
        }
        let printer = settings.printer
        printer.detail(
            "server \(settings.server) (\(settings.serverOrigin.rawValue)), token \(token?.origin ?? "none")"
        )
        if token != nil, settings.server.scheme == "http", !settings.server.isLoopback {
            printer.warn("the token travels unencrypted to \(settings.server); use https://")
        }
        let work = WorkInHand()
        return await Self.untilInterrupted(work: work, printer: printer) {
            do {
                return try await HTTPClient.withHTTPClient(configuration: RegistryClient.configuration) { http in
                    let client = RegistryClient(
                        http: http,
                        server: settings.server,
                        serverOrigin: settings.serverOrigin,
                        token: token,
                        detail: { printer.detail($0) }
                    )
                    return try await verb.run(
                        Session(settings: settings, environment: environment, client: client, work: work)
                    )
                }
            } catch is CancellationError {
                return .interrupted
            } catch {
                return Self.report(
                    error,
                    format: printer.format,
                    style: printer.talkStyle,
                    isVerbose: printer.isVerbose
                )
            }
        }
    }

    /// Why a verb does not write `format`; nil when it does. Asked before anything is done: a verb without a Markdown
    /// report must not do its work and then have no answer.
    static func refusal(of format: OutputFormat, isFlag: Bool, by verb: any Verb.Type) -> CommandsError? {
        guard !verb.formats.contains(format) else { return nil }
        return .badArgument(
            name: isFlag ? "-o" : "SERIN_OUTPUT",
            value: format.rawValue,
            problem: "this verb writes \(ReportWords.list(verb.formats.map(\.rawValue)))",
            example: "-o json"
        )
    }

    private static func untilInterrupted(
        work: WorkInHand,
        printer: Printer,
        _ body: @escaping @Sendable () async -> Exit
    ) async -> Exit {
        await withTaskGroup(of: Exit?.self) { group in
            let interruptions = Interruption.first()
            group.addTask { await body() }
            group.addTask {
                for await _ in interruptions { return nil }
                return .interrupted
            }
            guard let first = await group.next() else { return .error }
            guard first == nil else {
                group.cancelAll()
                return first ?? .error
            }
            let note = work.current
            let line = Report { report in
                report.line("stopped", Cell(note.map { " waiting: \($0.what)" } ?? ""))
                if let note { report.line(Cell("next:  ", .faint), Cell(note.next.text)) }
            }
            Streams.talk("\n" + line.text(printer.talkStyle))
            if work.isReading {
                HiddenInput.restore()
                exit(Int32(Exit.interrupted.rawValue))
            }
            group.cancelAll()
            return .interrupted
        }
    }

    /// Writes `error` to the standard error and returns its exit code.
    static func report(_ error: any Error, format: OutputFormat, style: TextStyle, isVerbose: Bool) -> Exit {
        let report = ErrorReport(error)
        Streams.talk(format.isForPrograms ? report.json() : report.text(style, isVerbose: isVerbose))
        return Exit(rawValue: report.exit) ?? .error
    }
}
