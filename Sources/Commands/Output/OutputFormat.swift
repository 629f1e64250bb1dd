import ArgumentParser

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

    /// Whether programs read it, so that errors are JSON too.
    var isForPrograms: Bool { self == .json || self == .yaml }
}
