public import ArgumentParser

extension CommandLineInterface {
    /// The verbs of `serin demo` that need a running server.
    public static var demo: [any ParsableCommand.Type] { [DemoTraffic.self] }
}
