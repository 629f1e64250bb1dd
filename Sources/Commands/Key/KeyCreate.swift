import ArgumentParser
import RegistryTypes
import WireFormat

/// `serin key create`
struct KeyCreate: Verb {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a key; its token is shown this once.",
        discussion: """
            Roles, each with all that the one before it may: caller, reader, publisher, deployer, admin. \
            The token alone goes to the standard output.

            Examples:
              serin key create ci --role publisher
              serin key create ci --role publisher -q > token.txt
            """
    )

    @Argument(help: ArgumentHelp("The name, which is who acts in the log.", valueName: "name")) var name: String
    @Option(help: ArgumentHelp("What it may do.", valueName: "role")) var role: RoleArgument
    @OptionGroup var global: GlobalOptions

    /// A role as an argument.
    enum RoleArgument: String, CaseIterable, ExpressibleByArgument, Sendable {
        case caller, reader, publisher, deployer, admin
    }

    func run(_ session: Session) async throws -> Exit {
        guard let role = Role(rawValue: role.rawValue) else { return .usage }
        let answer: KeyAnswer = try await session.client.post(
            APIPath.keys,
            KeyRequest(name: try Name(name), role: role)
        )
        try session.show(answer, kind: "NewKey", names: [answer.key.name.text], Report { $0.line(Cell(answer.token)) })
        session.printer.talk("key \(answer.key.name), role \(answer.key.role.rawValue); the token is not shown again")
        return .ok
    }
}
