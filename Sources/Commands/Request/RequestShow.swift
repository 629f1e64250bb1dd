import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin request show`
struct RequestShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a captured request: texts, times, labels, what is wrong with the answer.",
        discussion: """
            The texts stand as they were kept: after redaction, or not at all.

            Examples:
              serin request show 01KAJ5W1T8Z3V0Q9M7R2X4B6CD
              serin request show 01KAJ5W1T8Z3V0Q9M7R2X4B6CD -o json
            """
    )

    @Argument(help: ArgumentHelp("A request.", valueName: "id")) var id: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let view: RequestView = try await session.client.get(APIPath.request(RequestID(id)))
        try session.show(view, kind: "Request", names: [view.record.id.text], .request(view))
        let replay = view.body == nil ? "" : "serin replay \(view.record.id)        "
        session.printer.talk("next: \(replay)serin request label \(view.record.id) --wrong")
        session.talkAddress("page", .request(view.record.id))
        return .ok
    }
}
