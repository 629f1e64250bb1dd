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
        let (name, role, who) = try await session.requireLogin()
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
