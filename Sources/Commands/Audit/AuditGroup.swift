import ArgumentParser

/// `serin audit`
struct AuditGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "The log of all that happened.",
        subcommands: [AuditList.self, AuditVerify.self]
    )
}
