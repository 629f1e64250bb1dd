import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat

/// `serin eval show`
struct EvaluationShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an evaluation: scores with bounds, and a wrong answer.",
        discussion: """
            Examples:
              serin eval show e-51
              serin eval show job-3
            """
    )

    @Argument(help: ArgumentHelp("An evaluation, such as e-51, or a job.", valueName: "id")) var id: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        guard id.utf8.allSatisfy({ (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }),
            !id.isEmpty
        else {
            throw CommandsError.badArgument(
                name: "id",
                value: id,
                problem: "it is no evaluation and no job",
                example: "e-51 or job-3"
            )
        }
        let view: EvaluationView = try await session.client.get(APIPath.evaluation(id))
        try session.show(view, kind: "Evaluation", names: [view.record?.id.description ?? view.job], .evaluation(view))
        if let problem = view.problem { throw problem }
        return .ok
    }
}
