import ArgumentParser

/// `serin rollout`
struct RolloutGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollout",
        abstract: "What became of promotions: watched, settled, or returned.",
        subcommands: [RolloutList.self, RolloutShow.self, RolloutResume.self]
    )
}
