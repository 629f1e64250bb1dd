import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat

/// `serin key create`
struct KeyCreate: Verb {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a key; its token is shown this once.",
        discussion: """
            Roles, each with all that the one before it may: caller, reader, publisher, deployer, admin. \
            The token alone goes to the standard output. --capture says what is kept of the requests that come with \
            it: nothing, times and counts, or the texts after redaction too; a request can only lower it.

            Examples:
              serin key create ci --role publisher
              serin key create ci --role publisher -q > token.txt
              serin key create shop --role caller --capture redacted
            """
    )

    @Argument(help: ArgumentHelp("The name, which is who acts in the log.", valueName: "name")) var name: String
    @Option(help: ArgumentHelp("What it may do.", valueName: "role")) var role: RoleArgument
    @Option(help: ArgumentHelp("What is kept of its requests. (default: metadata)", valueName: "policy"))
    var capture: Choice<CapturePolicy>?
    @OptionGroup var global: GlobalOptions

    /// A role as an argument.
    enum RoleArgument: String, CaseIterable, ExpressibleByArgument, Sendable {
        case caller, reader, publisher, deployer, admin
    }

    func run(_ session: Session) async throws -> Exit {
        guard let role = Role(rawValue: role.rawValue) else { return .usage }
        let answer: KeyAnswer = try await session.client.post(
            APIPath.keys,
            KeyRequest(name: try Name(name), role: role, capture: capture?.value)
        )
        try session.show(answer, kind: "NewKey", names: [answer.key.name.text], Report { $0.line(Cell(answer.token)) })
        let key = answer.key
        session.printer.talk(
            "key \(key.name), role \(key.role.rawValue), captures \(key.capture.rawValue); the token is not shown again"
        )
        return .ok
    }
}
