import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat

/// `serin key revoke`
struct KeyRevoke: Verb {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Make a key stop working, at once and for good.",
        discussion: """
            Examples:
              serin key revoke ci
              serin key revoke ci --yes
            """
    )

    @Argument(help: ArgumentHelp("The key.", valueName: "name")) var name: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let name = try Name(name)
        try session.confirm("Revoke key \(name)? It cannot be undone.")
        let key: KeyRecord = try await session.client.post(APIPath.revokeKey(name), [String: String]())
        try session.show(
            key,
            kind: "Key",
            names: [key.name.text],
            Report { $0.line(StatusCell.pass("revoked \(key.name)")) }
        )
        return .ok
    }
}
