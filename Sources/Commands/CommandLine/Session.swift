import RegistryTypes
import WireFormat
import Wording

/// What a verb works with: the settings, the server, and what it may say.
struct Session: Sendable {
    let settings: Settings
    let environment: Environment
    let client: RegistryClient
    /// What goes on when the person stops waiting.
    let work: WorkInHand

    var printer: Printer { settings.printer }
    var server: ServerAddress { settings.server }

    /// Writes the answer of the verb.
    func show(
        _ value: some Encodable,
        kind: String,
        names: [String] = [],
        _ report: Report
    ) throws {
        try printer.show(value, kind: kind, names: names, report: report)
    }

    /// Writes text that somebody else wrote: to a terminal made safe, to a file or a pipe byte for byte.
    func show(_ value: some Encodable, kind: String, names: [String], text: String) throws {
        guard printer.format == .table || printer.format == .wide else {
            return try show(value, kind: kind, names: names, Report())
        }
        Streams.out((environment.outputIsTerminal ? SafeText.lines(text) : text).asLine)
    }

    /// Writes a list: the first rows, and on the standard error how many there are.
    func showList<Item: Hashable & Sendable & Codable>(
        _ answer: ListAnswer<Item>,
        kind: String,
        names: (Item) -> String,
        empty: Advice,
        report: ([Item]) -> Report
    ) throws {
        let limit = settings.limit
        let isCut = limit > 0 && answer.items.count > limit
        let items = isCut ? Array(answer.items.prefix(limit)) : answer.items
        try show(
            ListAnswer(items: items, next: answer.next),
            kind: kind,
            names: items.map(names),
            report(items)
        )
        if items.isEmpty, !printer.format.isForPrograms {
            printer.talk(empty.text)
        } else if isCut, answer.items.count > limit + 1 {
            printer.talk("\(items.count) of \(answer.items.count); --limit 0 for all")
        } else if isCut || answer.next != nil {
            printer.talk("\(items.count) shown, there are more; --limit 0 for all")
        }
    }

    /// Reads `ticket-bot@7`, or `@7` of the model that is set.
    ///
    /// - Throws: `RegistryTypesError`, ``CommandsError/missingArgument(what:next:)``.
    func reference(_ text: String) throws -> Reference {
        text.utf8.first == 0x40 ? try Reference(model(nil).text + text) : try Reference(text)
    }

    /// Reads the name of a model; the one that is set when none is given.
    ///
    /// - Throws: `RegistryTypesError`, ``CommandsError/missingArgument(what:next:)``.
    func model(_ text: String?) throws -> Name {
        if let text = text ?? settings.model { return try Name(text) }
        throw CommandsError.missingArgument(
            what: "no model is named",
            next: "name one, or: export SERIN_MODEL=…"
        )
    }

    /// Asks a yes-or-no question.
    ///
    /// - Throws: ``CommandsError/declined``, ``CommandsError/wouldAsk(question:flag:)``.
    func confirm(_ question: String) throws(CommandsError) {
        if settings.saysYes { return }
        guard settings.mayAsk else { throw .wouldAsk(question: question, flag: "--yes") }
        Streams.talk(Report { $0.line(Cell(question), " [y/N] ") }.text(printer.talkStyle).withoutLineEnd)
        let answer = work.reading { readLine(strippingNewline: true) } ?? ""
        guard ["y", "yes"].contains(answer.lowercased()) else { throw .declined }
    }
}
