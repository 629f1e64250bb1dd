import ArgumentParser

/// The flags that every verb has. Help says them once, in `serin help options`, and not of every verb again; what differs
/// from verb to verb, the formats and whether there is a list, stands below the help of each (``CommonHelp``).
struct GlobalOptions: ParsableArguments, Sendable {
    @Option(name: .shortAndLong, help: .common("How the answer is written: table, wide, json, yaml, name.", "format"))
    var output: OutputFormat?

    @Option(help: .common("Address of the server (SERIN_SERVER).", "url"))
    var server: String?

    @Option(help: .common("A file with the token (SERIN_TOKEN_FILE).", "file"), completion: .file())
    var tokenFile: String?

    @Option(
        name: [.long, .customLong("colour", withSingleDash: false)],
        help: .common("auto, always or never.", "when")
    )
    var color: ColourChoice?

    @Option(help: .common("none, plain (a line per tenth) or bar.", "how"))
    var progress: ProgressChoice?

    @Flag(name: .shortAndLong, help: .common("Say nothing but the answer and errors."))
    var quiet = false

    @Flag(name: .shortAndLong, help: .common("Say more: addresses, requests, statuses."))
    var verbose = false

    @Flag(help: .common("Never ask; fail instead (SERIN_NO_INPUT)."))
    var noInput = false

    @Flag(help: .common("Answer every question with yes."))
    var yes = false

    @Option(help: .common("Rows of a list; 0 for all. (default: 30)", "n"))
    var limit: Int?

    mutating func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit must be 0 (for all) or more.") }
        if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other.") }
    }
}

extension ArgumentHelp {
    /// A flag of every verb.
    fileprivate static func common(_ abstract: String, _ valueName: String? = nil) -> ArgumentHelp {
        ArgumentHelp(abstract, valueName: valueName, visibility: .hidden)
    }
}

/// What is written to the standard output.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// Text for a person.
    case table
    /// The same with more columns.
    case wide
    /// The value, with `apiVersion` and `kind`.
    case json
    /// The same as YAML.
    case yaml
    /// One reference a line.
    case name
    /// Markdown, of the verbs that write a report for people elsewhere.
    case md
    /// JUnit XML, of the verbs that write a report for continuous integration.
    case junit
    /// One file of HTML, of what is a page and can be kept as one.
    case html

    /// Whether programs read it, so that errors are JSON too.
    var isForPrograms: Bool { self == .json || self == .yaml }
}

/// When colours are used.
enum ColourChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
    case auto
    case always
    case never
}

/// How progress is shown on the standard error.
enum ProgressChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
    case none
    case plain
    case bar
}
