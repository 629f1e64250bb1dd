import ArgumentParser

/// `serin release`
struct ReleaseGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Releases: a version with its prompt and settings.",
        subcommands: [ReleaseList.self, ReleaseShow.self]
    )
}
