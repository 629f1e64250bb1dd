import ArgumentParser

/// `serin slo`
struct SLOGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slo",
        abstract: "Service levels: what is promised, how much may still go wrong.",
        subcommands: [SLOList.self, SLOShow.self, SLOExplain.self, SLOLintVerb.self]
    )
}
