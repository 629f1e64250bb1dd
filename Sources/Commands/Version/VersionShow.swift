import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin version show`
struct VersionShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a version: facts, files, smoke run, and whether it may go up.",
        discussion: """
            Examples:
              serin version show ticket-bot@8
              serin version show ticket-bot@production -o json
            """
    )

    @Argument(help: ArgumentHelp("A version, release or channel.", valueName: "ref")) var reference: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let id = try await session.version(reference)
        let view: VersionView = try await session.client.get(APIPath.version(id))
        try session.show(view, kind: "Version", names: [id.description], .version(view))
        session.talkAddress("page", .version(id))
        return .ok
    }
}
