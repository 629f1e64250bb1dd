import Foundation
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
            ListAnswer(items: items, next: answer.next, total: answer.total),
            kind: kind,
            names: items.map(names),
            report(items)
        )
        if items.isEmpty, !printer.format.isForPrograms {
            printer.talk(empty.text)
        } else if isCut, answer.next == nil {
            printer.talk("\(items.count) of \(answer.items.count); --limit 0 for all")
        } else if isCut || answer.next != nil {
            let shown = answer.total.map { "\(items.count) of \(NumberText.count($0))" }
            printer.talk((shown ?? "\(items.count) shown, there are more") + "; --limit 0 for all")
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

extension Session {
    /// Reads a list that the server gives as a whole.
    ///
    /// - Throws: as ``RegistryClient/get(_:_:)``.
    func list<Item>(
        _ address: APIPath.Address,
        _ query: [(name: String, value: String?)] = []
    ) async throws -> ListAnswer<Item> {
        try await client.get(address, query)
    }

    /// Reads a list that comes in pages until the limit is reached.
    ///
    /// - Parameter cursor: The field that asks for the next page.
    /// - Throws: as ``RegistryClient/get(_:_:)``.
    func pages<Item>(
        _ address: APIPath.Address,
        _ query: [(name: String, value: String?)] = [],
        by cursor: ListCursor = .number
    ) async throws -> ListAnswer<Item> {
        try await client.pages(address, query, by: cursor, limit: settings.limit == 0 ? Int.max : settings.limit)
    }

    /// Reads a whole list, page by page, whatever the limit of rows is.
    ///
    /// - Throws: as ``RegistryClient/get(_:_:)``.
    func all<Item: Hashable & Sendable & Codable>(
        _ address: APIPath.Address,
        _ query: [(name: String, value: String?)] = []
    ) async throws -> [Item] {
        try await client.pages(address, query, by: .number, limit: Int.max).items
    }

    /// The release that `text` names: a release by number, or what a channel or version means now.
    ///
    /// - Throws: `Problem`, `RegistryTypesError`.
    func release(_ text: String) async throws -> ReleaseID {
        let reference = try reference(text)
        if case .release(let number) = reference.selector { return ReleaseID(reference.model, number) }
        let answer: ResolveAnswer = try await client.get(APIPath.resolve, [("ref", reference.description)])
        return answer.release
    }

    /// The version that `text` names: by number, or the one that a release or channel ships.
    ///
    /// - Throws: `Problem`, `RegistryTypesError`.
    func version(_ text: String) async throws -> VersionID {
        let reference = try reference(text)
        if case .version(let number) = reference.selector { return VersionID(reference.model, number) }
        let answer: ResolveAnswer = try await client.get(APIPath.resolve, [("ref", reference.description)])
        return answer.version
    }

    /// Asks who the caller is.
    ///
    /// - Throws: `Problem` with status 401 when nobody is logged in.
    @discardableResult
    func requireLogin() async throws -> (name: Name, role: Role, who: WhoAmI) {
        let who: WhoAmI = try await client.get(APIPath.whoAmI)
        guard let name = who.name, let role = who.role else {
            throw Problem(
                status: 401,
                title: "not logged in to \(server)",
                detail: client.token.map { "the token from \($0.origin) is not known there" },
                next: NextStep.login.text,
                exit: Exit.notAllowed.rawValue
            )
        }
        return (name, role, who)
    }

    /// Says on the standard error where the page of a thing is.
    func talkAddress(_ label: String, _ page: PagePath) { printer.talk("\(label): \(server)\(page.path)") }

    /// The name and the version number of `triage@3`; nil for the number when none is given.
    ///
    /// - Throws: `RegistryTypesError`.
    func promptReference(_ text: String) throws -> (name: Name, number: Int?) {
        let reference = try Reference(text)
        switch reference.selector {
        case .live: return (reference.model, nil)
        case .version(let number): return (reference.model, number)
        case .release, .channel: throw RegistryTypesError.badReference(text)
        }
    }

    /// The text of a file, or of the standard input for `-`.
    ///
    /// - Throws: ``CommandsError/file(path:problem:)``, ``CommandsError/badFile(path:problem:next:)``.
    func text(ofFile path: String) throws(CommandsError) -> String {
        let limit = 8 << 20
        let data: Data
        if path == "-" {
            data = try work.reading { () throws(CommandsError) -> Data in try Self.standardInput(limit: limit) }
        } else {
            let reader = try FileReader(path)
            guard reader.sizeBytes <= limit else {
                throw .badFile(path: path, problem: "is over 8 MB, which no document is", next: "name a YAML file")
            }
            data = try reader.contents(limit: limit)
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw .badFile(path: path, problem: "is not UTF-8 text", next: "save it as UTF-8")
        }
        return text
    }

    /// What the standard input holds. It may be closed, or a folder: that is an error like any other file's.
    private static func standardInput(limit: Int) throws(CommandsError) -> Data {
        var data = Data()
        do {
            while let part = try FileHandle.standardInput.read(upToCount: 1 << 16), !part.isEmpty {
                data += part
                if data.count > limit { break }
            }
        } catch {
            throw .file(path: "standard input", problem: "it is closed, or cannot be read")
        }
        guard data.count <= limit else {
            throw .badFile(path: "-", problem: "is over 8 MB, which no document is", next: "name a YAML file")
        }
        return data
    }
}
