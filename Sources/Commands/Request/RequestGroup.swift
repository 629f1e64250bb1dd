import ArgumentParser

/// `serin request`
struct RequestGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Captured requests: what was asked, what was answered, whether it was right.",
        subcommands: [RequestList.self, RequestShow.self, RequestLabelVerb.self]
    )
}
