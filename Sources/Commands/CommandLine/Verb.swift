import ArgumentParser
import WireFormat

/// What a verb exits with.
typealias Exit = WireFormat.ExitCode

/// A command that works through a ``Session``.
protocol Verb: AsyncParsableCommand, Sendable {
    /// The flags every verb has.
    var global: GlobalOptions { get }

    /// Whether it can write Markdown (`-o md`).
    static var writesMarkdown: Bool { get }

    /// Does the work.
    ///
    /// - Returns: The exit code; a refusal or a failed check is an answer, not an error.
    /// - Throws: `Problem` from the server, ``CommandsError`` from here.
    func run(_ session: Session) async throws -> Exit
}

extension Verb {
    static var writesMarkdown: Bool { false }

    /// Runs the verb in the environment of the process.
    mutating func run() async throws {
        let exit = await VerbRun(global: global).perform(self)
        if exit != .ok { throw ArgumentParser.ExitCode(Int32(exit.rawValue)) }
    }
}
