import ArgumentParser

/// `serin incident`
struct IncidentGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incident",
        abstract: "What went wrong, what changed before, what was done.",
        subcommands: [
            IncidentList.self, IncidentShow.self, IncidentNoteVerb.self, IncidentCloseVerb.self, IncidentExport.self,
        ]
    )
}
