import Foundation
import TestSupport
import Testing

/// Completion in real shells, with the names that a real server holds, and without one.
@Suite(.serialized, .needsDemo)
struct ShellTests {
    /// A shell, and how a script of it completes the line `$1` of the binary `$SERIN`, a candidate a line.
    struct Shell: Sendable, CustomTestStringConvertible {
        let name: String
        let program: String
        let driver: String
        var testDescription: String { name }
        var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }
    }

    static let shells = [
        Shell(
            name: "bash",
            program: "/bin/bash",
            driver: """
                source <("$SERIN" completion bash)
                COMP_LINE=$1 COMP_POINT=${#1}
                _serin "$SERIN"
                printf '%s\\n' "${COMPREPLY[@]}"
                """
        ),
        // The words are set as zsh sets them, and what would be offered is printed.
        Shell(
            name: "zsh",
            program: "/bin/zsh",
            driver: """
                compdef() { }
                compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -rl -- "$@" }
                source <("$SERIN" completion zsh)
                line=$1
                words=("${(@s: :)line}") CURRENT=${#words} PREFIX=${words[-1]}
                words[1]=$SERIN
                _serin
                """
        ),
        Shell(
            name: "fish",
            program: "/usr/bin/fish",
            driver: """
                "$SERIN" completion fish | source
                function serin; $SERIN $argv; end
                complete -C "$argv[1]" | string replace -r '\\t.*' ''
                """
        ),
    ]

    private func complete(_ line: String, in shell: Shell, _ installation: Installation, _ extra: [String: String])
        throws
        -> [String]
    {
        let script = try installation.write("driver.\(shell.name)", shell.driver)
        let out = installation.folder.appending(path: "shell-out-\(UUID().uuidString)")
        let folder = Installation.binary.deletingLastPathComponent().path
        var environment = installation.environment(extra.merging(["SERIN": Installation.binary.path]) { $1 })
        environment["PATH"] = folder + ":" + (environment["PATH"] ?? "")
        let options = shell.name == "zsh" ? ["-f"] : []
        let process = try ChildProcess(shell.program, options + [script, line], environment: environment, output: out)
        _ = try process.waitForEnd(within: .seconds(60))
        return String(decoding: try Data(contentsOf: out), as: UTF8.self)
            .split(separator: "\n").map(String.init).filter { !$0.isEmpty }
    }

    @Test func namesOfTheServerAreOffered() throws {
        let installation = try Installation()
        let files = installation.folder.appending(path: "files")
        #expect(try installation.run("demo", "create", files.path).exit == 0)
        let server = try RunningServer(installation)
        let environment = ["SERIN_SERVER": server.address]
        let lines: [(line: String, offered: [String])] = [
            ("serin rollb", ["rollback"]),
            ("serin model show tick", ["ticket-bot"]),
            ("serin promote ticket-bot@", ["ticket-bot@production", "ticket-bot@1", "ticket-bot@r1"]),
            ("serin promote ticket-bot@r1 --to prod", ["production"]),
            ("serin eval run ticket-bot@1 --suite gol", ["golden"]),
            ("serin canary run ticket-bot@1 --traffic week", ["week47"]),
            ("serin canary run ticket-bot@1 --using tick", ["tickets"]),
            ("serin prompt show tri", ["triage", "triage@1"]),
            ("serin policy show prod", ["production"]), ("serin eval show e-", ["e-1"]),
            ("serin slo show --model tick", ["ticket-bot"]), ("serin slo show avail", ["availability"]),
            ("serin policy explain --decision dec-", ["dec-1"]), ("serin audit list --who ad", ["admin"]),
            ("serin rollback ticket-bot --to r", ["r1"]), ("serin model list -o ya", ["yaml"]),
        ]
        for shell in Self.shells where shell.isInstalled {
            for (line, offered) in lines {
                let found = try complete(line, in: shell, installation, environment)
                // bash replaces only what stands behind the last @ or =.
                let cut = line.split(separator: " ").last.map {
                    $0.split(separator: "@", omittingEmptySubsequences: false)
                }
                let wanted =
                    shell.name == "bash" && (cut?.count ?? 0) > 1
                    ? offered.map { String($0.split(separator: "@")[1]) } : offered
                #expect(Set(found) == Set(wanted), "\(shell.name): \(line) → \(found)")
            }
        }
        #expect(try server.stop() == .exit(0))

        // The server is gone: verbs and flags are still there, names are not, and nobody waits.
        for shell in Self.shells where shell.isInstalled {
            let clock = ContinuousClock(), start = clock.now
            #expect(
                try complete("serin model show tick", in: shell, installation, environment).isEmpty,
                "\(shell.name)"
            )
            #expect(try complete("serin rollb", in: shell, installation, environment) == ["rollback"], "\(shell.name)")
            #expect(start.duration(to: clock.now) < .seconds(30))
        }
    }

    /// Streams that are closed, full or no longer read: nothing is written elsewhere, and an answer that is lost is said.
    @Test(arguments: [
        ("help refs > /dev/full", 1, "could not be written"), ("help refs >&-", 1, "could not be written"),
        ("model list --help > /dev/full", 1, "could not be written"),
        ("completion bash > /dev/full", 1, "could not be"),
        ("policy lint - < /dev/null", 65, "has no document"), ("policy lint - <&-", 65, "standard input"),
        ("policy lint - < /", 65, "standard input"),
        ("help refs | head -1", 0, ""), ("nosuch 2>&-", 64, ""),
    ])
    func streamsThatAreNotThere(command: String, exit: Int32, says: String) throws {
        let installation = try Installation()
        let script = try installation.write("run", "set -o pipefail\n\"$SERIN\" \(command)\n")
        let errors = installation.folder.appending(path: "errors")
        let process = try ChildProcess(
            "/bin/bash",
            [script],
            environment: installation.environment(["SERIN": Installation.binary.path]),
            errors: errors
        )
        let end = try process.waitForEnd(within: .seconds(60))
        let said = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
        #expect(end == .exit(exit) && (says.isEmpty || said.contains(says)), "\(command): \(end) \(said)")
    }
}
