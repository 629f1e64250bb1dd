import ArgumentParser

/// How often a verb with --watch looks.
struct WatchPace: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("How often to look. (default: 2s)", valueName: "time"))
    var every: WaitLimit?

    /// Seconds between two looks.
    var seconds: Double { every?.seconds ?? 2 }

    mutating func validate() throws {
        if let every, every.seconds < 0.2 { throw ValidationError("--every must be 200ms or more.") }
    }
}
