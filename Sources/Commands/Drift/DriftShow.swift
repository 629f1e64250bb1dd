import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin drift show`
struct DriftShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a drift report; exits 0 whatever it found.",
        discussion: """
            Examples:
              serin drift show d-88
              serin drift show d-88 -o wide
            """
    )

    @Argument(help: ArgumentHelp("A drift report, such as d-88.", valueName: "id")) var id: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let view: DriftView = try await session.client.get(APIPath.drift(DriftID(text: id)))
        try session.show(view, kind: "Drift", names: [view.row.id.description], .drift(view))
        session.talkAddress("report", .drift(view.row.id))
        return .ok
    }
}
