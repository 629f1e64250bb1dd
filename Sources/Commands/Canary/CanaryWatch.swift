import ArgumentParser
import RegistryTypes

/// `serin canary watch`
struct CanaryWatch: Verb {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Wait for a canary that runs; exits with its verdict.",
        discussion: """
            Examples:
              serin canary watch c-204
              serin canary watch c-204 --timeout 10m
            """
    )

    @Argument(help: ArgumentHelp("A canary, such as c-204.", valueName: "id")) var id: String
    @OptionGroup var verdicts: VerdictOptions
    @Option(help: ArgumentHelp("How long to wait, such as 10m; then exit 7.", valueName: "time")) var timeout:
        WaitLimit?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let failOn = try verdicts.failing()
        let work = CanaryWork(session: session, limitSeconds: timeout?.seconds)
        return try await work.finish(work.wait(CanaryID(text: id)), failOn: failOn)
    }
}
