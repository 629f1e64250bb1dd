import ArgumentParser

/// `serin key`
struct KeyGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Keys: who may do what.",
        subcommands: [KeyCreate.self, KeyList.self, KeyRevoke.self]
    )
}
