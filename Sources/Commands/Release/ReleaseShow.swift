import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin release show`
struct ReleaseShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a release: what it pins, where it was live, what was found.",
        discussion: """
            Examples:
              serin release show ticket-bot@r12
              serin release show ticket-bot@production
            """
    )

    @Argument(help: ArgumentHelp("A release or a channel.", valueName: "ref")) var reference: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let id = try await session.release(reference)
        let view: ReleaseView = try await session.client.get(APIPath.release(id))
        try session.show(view, kind: "Release", names: [id.description], .release(view, now: session.printer.style.now))
        session.talkAddress("page", .release(id))
        return .ok
    }
}
