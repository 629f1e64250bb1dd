import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat

/// `serin model versions`
struct ModelVersions: Verb {
    static let configuration = CommandConfiguration(
        commandName: "versions",
        abstract: "List the versions of a model, newest first.",
        discussion: """
            Examples:
              serin model versions ticket-bot
              serin model versions ticket-bot -o json
            """
    )

    @Argument(help: ArgumentHelp("The model (SERIN_MODEL).", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let answer: ListAnswer<VersionRecord> = try await session.list(APIPath.versions(session.model(model)))
        try session.showList(answer, kind: "VersionList", names: \.id.description, empty: "no version yet") {
            .versions($0, now: session.printer.style.now)
        }
        return .ok
    }
}
