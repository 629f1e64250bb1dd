import ArgumentParser
import RegistryTypes
import WireFormat

/// `serin whoami`
struct WhoAmIVerb: Verb {
    static let configuration = CommandConfiguration(
        commandName: "whoami",
        abstract: "Say who the server thinks you are.",
        discussion: """
            Exits 4 without a key that works.

            Examples:
              serin whoami
              serin whoami -o json
            """
    )

    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let who: WhoAmI = try await session.client.get(APIPath.whoAmI)
        guard let name = who.name, let role = who.role else {
            throw Problem(
                status: 401,
                title: "not logged in to \(session.server)",
                detail: session.client.token.map { "the token from \($0.origin) is not known" },
                next: "serin login",
                exit: Exit.notAllowed.rawValue
            )
        }
        try session.show(
            who,
            kind: "WhoAmI",
            names: [name.text],
            Report {
                $0.line(
                    Cell(name.text, .strong),
                    Cell("   role \(role.rawValue), \(session.server), build \(who.build)")
                )
            }
        )
        return .ok
    }
}
