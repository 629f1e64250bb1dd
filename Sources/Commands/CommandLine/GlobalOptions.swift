import ArgumentParser

/// The flags that every verb has.
struct GlobalOptions: ParsableArguments, Sendable {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("table, wide, json, yaml, name; md of reports.", valueName: "format")
    )
    var output: OutputFormat?

    @Option(help: ArgumentHelp("Address of the server (SERIN_SERVER).", valueName: "url"))
    var server: String?

    @Option(help: ArgumentHelp("A file with the token (SERIN_TOKEN_FILE).", valueName: "file"))
    var tokenFile: String?

    @Option(name: [.long, .customLong("colour", withSingleDash: false)], help: "auto, always or never.")
    var color: ColourChoice?

    @Option(help: "none, plain (a line per tenth) or bar.")
    var progress: ProgressChoice?

    @Flag(name: .shortAndLong, help: "Say nothing but the answer and errors.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say more: addresses, requests, statuses.")
    var verbose = false

    @Flag(help: "Never ask; fail instead (SERIN_NO_INPUT).")
    var noInput = false

    @Flag(help: "Answer every question with yes.")
    var yes = false

    @Option(help: ArgumentHelp("Rows of a list; 0 for all. (default: 30)", valueName: "n"))
    var limit: Int?

    mutating func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit must be 0 (for all) or more.") }
        if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other.") }
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
