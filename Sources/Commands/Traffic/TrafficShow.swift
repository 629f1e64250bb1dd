import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin traffic show`
struct TrafficShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a traffic set: tags, first requests, canaries that used it.",
        discussion: """
            Examples:
              serin traffic show week47
            """
    )

    @Argument(help: ArgumentHelp("The traffic set.", valueName: "set")) var name: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let view: TrafficView = try await session.client.get(APIPath.traffic(Name(name)))
        try session.show(
            view,
            kind: "Traffic",
            names: [view.record.name.text],
            .traffic(view, now: session.printer.style.now)
        )
        session.talkAddress("page", .traffic(view.record.name))
        return .ok
    }
}
