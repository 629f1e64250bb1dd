import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin slo list`
struct SLOList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the SLOs of every model with how they stand.",
        discussion: """
            Examples:
              serin slo list
              serin slo list --model ticket-bot -o wide
            """,
        aliases: ["ls"]
    )

    @Option(help: ArgumentHelp("Only of this model.", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let model = try model.map { try Name($0) }
        let answer: ListAnswer<SLORow> = try await session.list(APIPath.slos, [("model", model?.text)])
        try session.showList(
            answer,
            kind: "SLOList",
            names: \.name.text,
            empty: "no SLO measures a model yet: serin apply -f slo.yaml"
        ) { .slos($0) }
        session.talkAddress("page", .slos(of: model))
        return .ok
    }
}
