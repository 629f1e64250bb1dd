public import ArgumentParser
import Foundation
import RegistryTypes
public import WireFormat

/// The command line: its verbs, and the one way from arguments to an exit code.
public enum CommandLineInterface {
    /// The root command's configuration with all verbs of this target and those of the service.
    ///
    /// - Parameters:
    ///   - version: The build, for `--version`.
    ///   - service: Verbs that are defined elsewhere: `serve`, `server`, `demo`.
    public static func configuration(version: String, service: [any ParsableCommand.Type]) -> CommandConfiguration {
        CommandConfiguration(
            commandName: "serin",
            abstract: "Publish, compare and ship language models with evidence.",
            discussion: """
                Work that takes time waits and exits with its verdict. The answer goes to the standard output, \
                talk to the standard error. Topics: serin help \(HelpTopic.words.joined(separator: " | ")). \
                Man pages: serin help man DIR
                """,
            version: version,
            groupedSubcommands: groups + [CommandGroup(name: "Service", subcommands: service + access)]
        )
    }

    /// The user's folder for serin, where logins are kept; nil without a home folder.
    public static func configurationFolder() -> String? { Environment.current().configurationFolder }

    /// Runs the command that `arguments` name and ends the process with its exit code.
    public static func main(root: any ParsableCommand.Type, arguments: [String]) async -> Never {
        Streams.reserve()
        let code = await run(root: root, arguments: arguments)
        if let problem = Streams.problem {
            Streams.talk("error: the answer could not be written to the standard output (\(problem))\n")
            if code == .ok { exit(Int32(Exit.error.rawValue)) }
        }
        exit(Int32(code.rawValue))
    }

    /// Runs the command that `arguments` name.
    ///
    /// - Returns: The exit code; everything there is to say was said.
    public static func run(root: any ParsableCommand.Type, arguments: [String]) async -> WireFormat.ExitCode {
        let environment = Environment.current()
        let style = TextStyle(
            ascii: environment.drawsASCII,
            colour: environment.isColoured(nil, toTerminal: environment.talkIsTerminal),
            now: Timestamp(Date())
        )
        let wantsJSON = wantsPrograms(arguments)
        func fail(_ report: ErrorReport) -> Exit {
            Streams.talk(wantsJSON ? report.json() : report.text(style, isVerbose: false))
            return Exit(rawValue: report.exit) ?? .error
        }

        // A reader that goes away must not end the work: what it no longer wants is dropped.
        signal(SIGPIPE, SIG_IGN)
        if arguments.first == ShellCompletion.flag {
            Streams.out(await ShellCompletion(root: root, environment: environment).lines(arguments.dropFirst()))
            return .ok
        }
        if arguments.prefix(2) == ["help", ManPages.word] {
            do {
                Streams.out(try ManPages(root: root).write(to: arguments.dropFirst(2)))
                return .ok
            } catch { return fail(ErrorReport(error)) }
        }
        if arguments.first == "help", arguments.count == 2 {
            if let topic = HelpTopic(rawValue: arguments[1]) {
                Streams.out(Symbols.drawn(topic.text, style))
                return .ok
            }
            if let problem = UsageProblem(root: root, topic: arguments[1]) { return fail(problem.report) }
        }
        let arguments = LeadingFlags.moved(arguments, root: root)
        var command: any ParsableCommand
        do { command = try root.parseAsRoot(arguments) } catch {
            if root.exitCode(for: error) == .success {
                Streams.out(Self.help(root: root, arguments: arguments, error: error, style))
                return .ok
            }
            return fail(UsageProblem(root: root, arguments: arguments, error: error).report)
        }
        if arguments.first != "help" {
            let tree = CommandTree(root: root, arguments: arguments)
            let check = ArgumentCheck(tree: tree, rest: Array(arguments.dropFirst(tree.depth)))
            if let problem = check.problem { return fail(UsageProblem(tree: tree, title: problem).report) }
        }
        do {
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return .ok
        } catch let code as ArgumentParser.ExitCode {
            return Exit(rawValue: Int(code.rawValue)) ?? .error
        } catch is CancellationError {
            return .interrupted
        } catch {
            let code = root.exitCode(for: error)
            if code == .success {
                Streams.out(Self.help(root: root, arguments: arguments, error: error, style))
                return .ok
            }
            if code == .validationFailure {
                return fail(UsageProblem(root: root, arguments: arguments, error: error).report)
            }
            return fail(ErrorReport(error))
        }
    }

    /// What the parser says of a command, and what the common flags and the exit codes are of it.
    private static func help(
        root: any ParsableCommand.Type,
        arguments: [String],
        error: any Error,
        _ style: TextStyle
    ) -> String {
        let text = root.fullMessage(for: error) + "\n"
        guard text.utf8.starts(with: "OVERVIEW:".utf8) else { return text }
        let words = arguments.first == "help" ? Array(arguments.dropFirst()) : arguments
        return text + Symbols.drawn(CommonHelp(CommandTree(root: root, arguments: words)).text, style)
    }

    /// Whether errors should be JSON, told from the arguments before they could be parsed.
    static func wantsPrograms(_ arguments: [String]) -> Bool {
        for (index, argument) in arguments.enumerated() {
            if argument == "--" { return false }
            if ["-ojson", "-o=json", "--output=json", "-oyaml", "-o=yaml", "--output=yaml"].contains(argument) {
                return true
            }
            if argument == "-o" || argument == "--output", index + 1 < arguments.count,
                ["json", "yaml"].contains(arguments[index + 1])
            {
                return true
            }
        }
        return false
    }
}

extension CommandLineInterface {
    /// The verbs of this target in the groups that help shows.
    public static var groups: [CommandGroup] {
        [
            CommandGroup(
                name: "Daily",
                subcommands: [
                    Publish.self, Promote.self, Rollback.self, Status.self, Diff.self, Chat.self, Open.self, Apply.self,
                ]
            ),
            CommandGroup(
                name: "Models and files",
                subcommands: [Inspect.self, Run.self, Score.self, Compare.self, Tokenize.self]
            ),
            CommandGroup(
                name: "Checks",
                subcommands: [
                    CanaryGroup.self, EvaluationGroup.self, DriftGroup.self, SLOGroup.self, PolicyGroup.self,
                    Replay.self, Judge.self,
                ]
            ),
            CommandGroup(
                name: "Live",
                subcommands: [RequestGroup.self, RolloutGroup.self, IncidentGroup.self, QuarantineGroup.self]
            ),
            CommandGroup(
                name: "Registry",
                subcommands: [
                    ModelGroup.self, VersionGroup.self, PromptGroup.self, ReleaseGroup.self, TrafficGroup.self,
                    AuditGroup.self,
                ]
            ),
        ]
    }

    /// The verbs about who may do what, and for shells.
    public static var access: [any ParsableCommand.Type] {
        [Login.self, Logout.self, WhoAmIVerb.self, KeyGroup.self, Completion.self]
    }
}
