import ArgumentParser

/// `serin traffic`
struct TrafficGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traffic",
        abstract: "Frozen sets of requests, with or without expected answers.",
        subcommands: [TrafficImportVerb.self, TrafficFreeze.self, TrafficList.self, TrafficShow.self]
    )
}
