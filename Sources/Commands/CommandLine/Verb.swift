public import ArgumentParser
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

    /// Does the work.
    ///
    /// - Returns: The exit code; a refusal or a failed check is an answer, not an error.
    /// - Throws: `Problem` from the server, ``CommandsError`` from here.
    func run(_ session: Session) async throws -> Exit
}

extension Verb {
    static var writesMarkdown: Bool { false }

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
