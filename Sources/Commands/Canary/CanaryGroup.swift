import ArgumentParser

/// `serin canary`
struct CanaryGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "canary",
        abstract: "Replay requests through two releases and compare, with a verdict.",
        subcommands: [CanaryRun.self, CanaryList.self, CanaryShow.self, CanaryWatch.self]
    )
}
