import ArgumentParser

/// `serin model`
struct ModelGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "The models and their versions.",
        subcommands: [ModelList.self, ModelShow.self, ModelVersions.self, ModelPull.self]
    )
}
