import UserDocuments
import Wording

/// What can go wrong on this side of the wire.
enum CommandsError: Error, Equatable, Sendable {
    /// The address of the server is not one.
    case badServer(String)
    /// A variable of the environment has a value that is not known.
    case badSetting(name: String, value: String, allowed: [String])
    /// A flag or an argument has a value that cannot be used.
    case badArgument(name: String, value: String, problem: String, example: String)
    /// A needed argument was not given.
    case missingArgument(what: String, next: Advice)
    /// No server answers.
    case unreachable(ServerAddress, reason: String, origin: Settings.Origin)
    /// The server did not answer in time.
    case noAnswer(ServerAddress, seconds: Int)
    /// What answers is not serin, or another version of it.
    case unexpectedAnswer(ServerAddress, path: String, status: Int, problem: String)
    /// `--timeout` ended; the work goes on.
    case stillRunning(what: String, seconds: Double, next: Advice)
    /// A file cannot be read.
    case file(path: String, problem: String)
    /// A file cannot be written.
    case unwritable(path: String, problem: String)
    /// A file is not what it should be.
    case badFile(path: String, problem: String, next: Advice)
    /// A folder or file to publish holds nothing that can be published.
    case nothingToPublish(path: String)
    /// The stored login is damaged.
    case badCredentials(path: String, problem: String)
    /// The token has characters no header may hold.
    case badToken(origin: String)
    /// A question would have to be asked, and must not.
    case wouldAsk(question: String, flag: String)
    /// The answer to a question was no.
    case declined
    /// An upload broke and could not be taken up again.
    case uploadBroke(file: String, attempts: Int, problem: String)
    /// Documents with errors.
    case badDocuments([Diagnostic])
    /// A file or folder holds nothing of the kind that is needed.
    case noDocument(path: String, kind: String)
}
