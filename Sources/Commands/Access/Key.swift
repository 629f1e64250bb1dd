import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin key`
struct KeyGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "key",
        "Keys: who may do what.",
        [KeyCreate.self, KeyList.self, KeyRevoke.self]
    )
}

/// `serin key list`
struct KeyList: ListVerb {
    static let configuration = CommandConfiguration.verb("list", "List the keys.", examples: "key list")

    @OptionGroup var global: GlobalOptions

    static let kind = "KeyList"
    var empty: Advice { "no key" }

    func ask(_ session: Session) async throws -> ListAnswer<KeyRecord> {
        try await session.pages(APIPath.keys, by: .name)
    }
    func name(of key: KeyRecord) -> String { key.name.text }

    func report(_ keys: [KeyRecord], now: Timestamp) -> Report {
        var table = Table(.text("KEY"), .text("ROLE"), .text("CAPTURE"), .text("STATE"), .text("AGE"), .text("BY"))
        for key in keys {
            table.row(
                Cell(key.name.text),
                Cell(key.role.rawValue),
                Cell(key.capture.rawValue),
                key.revokedAt.map { StatusCell.fail("revoked \(TimeText.second($0))") } ?? StatusCell.pass("works"),
                Cell(NumberText.elapsed(now.seconds(since: key.createdAt))),
                Cell(key.createdBy)
            )
        }
        return Report { $0.table(table) }
    }
}

/// `serin key create`
struct KeyCreate: Verb {
    static let configuration = CommandConfiguration.verb(
        "create",
        "Make a key; its token is shown this once.",
        discussion: """
            Roles, each with all that the one before it may: caller, reader, publisher, deployer, admin. \
            The token alone goes to the standard output. --capture says what is kept of the requests that come with \
            it: nothing, times and counts, or the texts after redaction too; a request can only lower it.
            """,
        examples: "key create ci --role publisher",
        "key create ci --role publisher -q > token.txt",
        "key create shop --role caller --capture redacted"
    )

    @Argument(help: ArgumentHelp("The name, which is who acts in the log.", valueName: "name")) var name: String
    @Option(help: ArgumentHelp("What it may do.", valueName: "role")) var role: Choice<Role>
    @Option(help: ArgumentHelp("What is kept of its requests. (default: metadata)", valueName: "policy"))
    var capture: Choice<CapturePolicy>?
    @Option(
        help: ArgumentHelp("What its requests may take, such as 5min; they may ask for more.", valueName: "time")
    )
    var deadline: WaitLimit?
    @OptionGroup var global: GlobalOptions

    /// A name without its token, which is shown once, would be a key that nobody can use.
    static var writesNames: Bool { false }

    func run(_ session: Session) async throws -> Exit {
        let answer: KeyAnswer = try await session.client.post(
            APIPath.keys,
            KeyRequest(
                name: try Name(name),
                role: role.value,
                capture: capture?.value,
                deadlineMilliseconds: deadline.map { Int(($0.seconds * 1000).rounded()) }
            )
        )
        try session.show(answer, kind: "NewKey", names: [answer.key.name.text], Report { $0.line(Cell(answer.token)) })
        let key = answer.key
        session.printer.talk(
            "key \(key.name), role \(key.role.rawValue), captures \(key.capture.rawValue)"
                + (key.deadlineMilliseconds.map { ", deadline \(NumberText.setTime(Double($0) / 1000))" } ?? "")
                + "; the token is not shown again"
        )
        if let note = answer.note { session.printer.talk(note) }
        return .ok
    }
}

/// `serin key revoke`
struct KeyRevoke: Verb {
    static let configuration = CommandConfiguration.verb(
        "revoke",
        "Make a key stop working, at once and for good.",
        examples: "key revoke ci",
        "key revoke ci --yes"
    )

    @Argument(help: ArgumentHelp("The key.", valueName: "name")) var name: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let name = try Name(name)
        try session.confirm("Revoke key \(name)? It cannot be undone.")
        let revoked: RevokedKey = try await session.client.post(APIPath.revokeKey(name), [String: String]())
        let done = Report { report in
            report.line(revoked.note.map { StatusCell.notice($0) } ?? StatusCell.pass("revoked \(name)"))
        }
        try session.show(revoked, kind: "Key", names: [name.text], done)
        return .ok
    }
}
