import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import Commands

struct CompletionTests {
    @Test(arguments: [CompletionShell.bash, .zsh, .fish])
    func scriptsNameEveryVerb(shell: CompletionShell) {
        let script = UsageTests.Root.completionScript(for: shell)
        for word in [
            "publish", "rollback", "canary", "whoami", "explain", "run-missing", "freeze", "baseline", "resume",
        ] {
            #expect(script.contains(word), "\(shell): \(word)")
        }
    }

    /// The shell itself reads the script without running it, where it is installed.
    @Test(arguments: [
        (CompletionShell.bash, "/bin/bash", "-n"), (.zsh, "/bin/zsh", "-n"), (.fish, "/usr/bin/fish", "-n"),
    ])
    func shellsAcceptTheirScript(shell: CompletionShell, program: String, flag: String) throws {
        guard FileManager.default.isExecutableFile(atPath: program) else { return }
        let folder = try ScratchFolder()
        let file = try folder.write("completion", UsageTests.Root.completionScript(for: shell))
        #expect(try exit(of: [program, flag, file]) == 0)
    }

    private func exit(of command: [String]) throws -> Int32 {
        var arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let problem = posix_spawn(&process, command[0], nil, nil, &arguments, nil)
        guard problem == 0 else { throw POSIXError(.init(rawValue: problem) ?? .EIO) }
        var status: Int32 = 0
        guard waitpid(process, &status, 0) == process else { throw POSIXError(.ECHILD) }
        return status
    }
}
