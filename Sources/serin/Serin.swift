import ArgumentParser
import Commands

/// The one binary: the service verbs are here, all others in Commands.
@main
struct Serin: AsyncParsableCommand {
    /// The build, as reports and `--version` name it.
    static let build = "0.1.0"

    static let configuration = CommandLineInterface.configuration(
        version: build,
        service: [Serve.self, ServerGroup.self, DemoGroup.self]
    )

    static func main() async {
        await CommandLineInterface.main(root: Serin.self, arguments: Array(CommandLine.arguments.dropFirst()))
    }
}
