import ArgumentParser
import Commands
import Foundation
import Server

/// `serin server`
struct ServerGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "server",
        "Check, rebuild or clean a data folder while no server uses it, or make a key to get into it.",
        [ServerCheck.self, ServerRebuild.self, ServerCollect.self, ServerKeyGroup.self, ServerLogGroup.self]
    )
}

/// `serin server key`
struct ServerKeyGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "key",
        "Get into a data folder again whose tokens are lost.",
        [ServerKeyReset.self]
    )
}

/// `serin server key reset`
struct ServerKeyReset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Make an admin key in a data folder; its token is shown this once.",
        discussion: """
            For a folder that moved to another machine, or whose token is lost. Whoever may write the folder may do this, \
            while no server uses it; the log says that it was done. Other keys stay as they are.
            """
    )

    @Option(help: ArgumentHelp("The name of the key. (default: one that is free)", valueName: "name")) var name: String?
    @OptionGroup var folder: DataFolderOption
    @OptionGroup var output: OfflineOutput

    func run() async throws {
        ProcessPrivacy.keepFiles()
        let (outcome, notes) = try await DataFolderVerbs.resetKey(folder.url, name: name)
        try output.show(outcome)
        FileHandle.standardError.write(Data(notes.map { $0 + "\n" }.joined().utf8))
    }
}

/// `serin server log`
struct ServerLogGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "log",
        "Decide about a log whose end was lost.",
        [ServerLogAccept.self]
    )
}

/// `serin server log accept`
struct ServerLogAccept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Take a log as it is, from which events that were acknowledged are missed.",
        discussion: """
            A server starts on such a log and changes nothing. Better is a copy of the folder from before, put back whole. \
            Where there is none, this lets the log go on; what was missed and why it was taken stands in it.
            """
    )

    @Option(help: ArgumentHelp("The number of its last event, as `server check` says it.", valueName: "number"))
    var event: Int
    @Option(help: ArgumentHelp("Why, for the log.", valueName: "text")) var reason: String
    @OptionGroup var folder: DataFolderOption
    @OptionGroup var output: OfflineOutput

    func run() async throws {
        try output.show(await DataFolderVerbs.acceptLog(folder.url, event: event, reason: reason))
    }
}

/// `serin server check`
struct ServerCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the database, the log and its end, the tables, every blob's bytes and the channels.",
        discussion: "Replays the log beside the tables and compares every row. Exits with 65 when something is damaged."
    )

    @OptionGroup var folder: DataFolderOption
    @OptionGroup var output: OfflineOutput

    func run() async throws {
        ProcessPrivacy.keepFiles()
        try output.show(await DataFolderVerbs.check(folder.url))
    }
}

/// `serin server rebuild`
struct ServerRebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Make the tables again from the log, and say whether they are what they were."
    )

    @OptionGroup var folder: DataFolderOption
    @OptionGroup var output: OfflineOutput

    func run() async throws {
        ProcessPrivacy.keepFiles()
        try output.show(await DataFolderVerbs.rebuild(folder.url))
    }
}

/// `serin server gc`
struct ServerCollect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove the bytes of refused and unfinished publishing.",
        discussion: """
            What nothing refers to is removed when nobody stored it or asked for it for a day. A server does the same by \
            itself, once in a while.
            """
    )

    @Option(help: ArgumentHelp("Leave what came or was asked for in this time.", valueName: "hours"))
    var olderThan = 24
    @OptionGroup var folder: DataFolderOption
    @OptionGroup var output: OfflineOutput

    func validate() throws {
        guard (0...100_000).contains(olderThan) else {
            throw ValidationError("--older-than must be 0 to 100000 hours.")
        }
    }

    func run() async throws {
        ProcessPrivacy.keepFiles()
        try output.show(await DataFolderVerbs.collect(folder.url, hours: olderThan))
    }
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
