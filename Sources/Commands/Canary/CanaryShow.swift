import ArgumentParser
import RegistryTypes
import WireFormat

/// `serin canary show`
struct CanaryShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a canary; exits 0 whatever it found.",
        discussion: """
            Examples:
              serin canary show c-204
              serin canary show c-204 -o wide
            """
    )

    @Argument(help: ArgumentHelp("A canary, such as c-204.", valueName: "id")) var id: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let view: CanaryView = try await session.client.get(APIPath.canary(CanaryID(text: id)))
        return try CanaryWork(session: session, limitSeconds: nil).finish(view, failOn: [])
    }
}
