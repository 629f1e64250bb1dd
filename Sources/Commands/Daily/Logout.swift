import ArgumentParser
import WireFormat

/// `serin logout`
struct Logout: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Forget the token that is kept for this server.",
        discussion: """
            Examples:
              serin logout
            """
    )

    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let address = session.server.description
        guard let path = Credentials.path(session.environment) else { return .ok }
        var credentials = try Credentials.read(path)
        let wasKnown = credentials.servers.removeValue(forKey: address) != nil
        if wasKnown { try credentials.write(path) }
        try session.show(
            ["server": address],
            kind: "Logout",
            names: [address],
            Report {
                $0.line(StatusCell.pass(wasKnown ? "logged out of \(address)" : "was not logged in to \(address)"))
            }
        )
        return .ok
    }
}
