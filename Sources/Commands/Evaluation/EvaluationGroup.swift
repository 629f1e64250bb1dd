import ArgumentParser

/// `serin eval`
struct EvaluationGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "How well a release answers the cases of a suite.",
        subcommands: [EvaluationRun.self, EvaluationList.self, EvaluationShow.self]
    )
}
