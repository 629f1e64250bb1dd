import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin policy show`
struct PolicyShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a policy as written, and what it decided.",
        discussion: """
            Examples:
              serin policy show production
            """
    )

    @Argument(help: ArgumentHelp("The policy.", valueName: "name")) var name: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let view: PolicyView = try await session.client.get(APIPath.policy(Name(name)))
        try session.show(view, kind: "Policy", names: [view.record.name.text], .policy(view))
        session.talkAddress("page", .policy(view.record.name))
        return .ok
    }
}
