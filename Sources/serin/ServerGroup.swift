import ArgumentParser
import Commands
import Foundation
import Server

/// `serin server`
struct ServerGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "server",
        "Check or rebuild a data folder while no server uses it.",
        [ServerCheck.self, ServerRebuild.self]
    )
}

/// `serin server check`
struct ServerCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the database, the log, every blob's bytes and the channels.",
        discussion: "Exits with 65 when something is damaged."
    )

    @OptionGroup var folder: DataFolderOption
    @OptionGroup var output: OfflineOutput

    func run() async throws { try output.show(await DataFolderVerbs.check(folder.url)) }
}

/// `serin server rebuild`
struct ServerRebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Make the tables again from the log, and say whether they are what they were."
    )

    @OptionGroup var folder: DataFolderOption
    @OptionGroup var output: OfflineOutput

    func run() async throws { try output.show(await DataFolderVerbs.rebuild(folder.url)) }
}

/// How an offline verb prints what it found.
struct OfflineOutput: ParsableArguments {
    /// The formats that make sense without a table.
    enum Format: String, ExpressibleByArgument { case table, json }

    @Option(name: .shortAndLong, help: ArgumentHelp("table or json.", valueName: "format")) var output = Format.table

    /// Prints `outcome` and ends with its code.
    func show(_ outcome: DataFolderVerbs.Outcome) throws {
        print(output == .json ? outcome.json : outcome.lines.joined(separator: "\n"))
        guard outcome.exitCode == 0 else { throw ExitCode(outcome.exitCode) }
    }
}
