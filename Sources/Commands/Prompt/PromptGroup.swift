import ArgumentParser

/// `serin prompt`
struct PromptGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt",
        abstract: "Prompts and their versions.",
        subcommands: [PromptPushVerb.self, PromptList.self, PromptShow.self, PromptDiffVerb.self]
    )
}
