import ArgumentParser
import RegistryTypes
import WireFormat

/// `serin model list`
struct ModelList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the models.",
        discussion: """
            Examples:
              serin model list
              serin model list -o name
            """,
        aliases: ["ls"]
    )

    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let answer: ListAnswer<ModelSummary> = try await session.list(APIPath.models)
        try session.showList(
            answer,
            kind: "ModelList",
            names: \.name.text,
            empty: "no model yet: serin publish model.gguf --model NAME",
            report: Report.models
        )
        return .ok
    }
}
