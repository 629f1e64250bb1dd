import ArgumentParser

/// How progress is shown on the standard error.
enum ProgressChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
    case none
    case plain
    case bar
}
