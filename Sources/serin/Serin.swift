import ArgumentParser
import Commands
import Foundation

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
        ProcessPrivacy.keepMemory()
        beginAgainWithoutMemoryInCrashLogs()
        await CommandLineInterface.main(root: Serin.self, arguments: Array(CommandLine.arguments.dropFirst()))
    }

    /// A server begins anew in its own process where the runtime was not told yet what the log of a crash may show: it
    /// reads that before the first line of a program.
    private static func beginAgainWithoutMemoryInCrashLogs() {
        guard CommandLine.arguments.contains("serve"),
            let setting = ProcessPrivacy.backtraceSetting(ProcessInfo.processInfo.environment["SWIFT_BACKTRACE"])
        else { return }
        setenv("SWIFT_BACKTRACE", setting, 1)
        // What follows when that fails is the server as it was started.
        execv("/proc/self/exe", CommandLine.unsafeArgv)
    }
}
