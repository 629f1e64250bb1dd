import ArgumentParser
import Testing
import WireFormat

@testable import Commands

/// What a mistyped command is told.
struct UsageTests {
    struct Root: AsyncParsableCommand {
        static let configuration = CommandLineInterface.configuration(version: "test", service: [])
    }

    private func problem(_ arguments: [String]) throws -> UsageProblem {
        do {
            _ = try Root.parseAsRoot(arguments)
        } catch {
            return UsageProblem(root: Root.self, arguments: arguments, error: error)
        }
        throw Unexpected.parsed(arguments)
    }

    enum Unexpected: Error { case parsed([String]) }

    @Test(arguments: [
        (["promot", "x"], "serin has no verb \"promot\"", "did you mean: serin promote, or: serin prompt"),
        (["request", "lable", "x"], "serin request has no verb \"lable\"", "did you mean: serin request label"),
        (
            ["drift", "baseline", "sett"], "serin drift baseline has no verb \"sett\"",
            "did you mean: serin drift baseline set"
        ),
        (["incidnet", "list"], "serin has no verb \"incidnet\"", "did you mean: serin incident"),
        (["drift", "run", "--windw", "3d"], "serin drift run has no flag --windw", "did you mean: --window"),
        (["rolback"], "serin has no verb \"rolback\"", "did you mean: serin rollback"),
        (["canray", "run"], "serin has no verb \"canray\"", "did you mean: serin canary"),
        (["canary", "rnu", "x"], "serin canary has no verb \"rnu\"", "did you mean: serin canary run"),
        (["model", "destroy"], "serin model has no verb \"destroy\"", "serin model --help"),
        (["promote", "x", "--too", "y"], "serin promote has no flag --too", "did you mean: --to"),
        (
            ["promote", "x", "--to", "y", "--runmissing"], "serin promote has no flag --runmissing",
            "did you mean: --run-missing"
        ),
        (["promote", "x", "--to=y", "-z"], "serin promote has no flag -z", "serin promote --help"),
        (
            ["traffic", "freeze", "x", "--arm", "lve"],
            "serin traffic freeze has no flag --arm", "serin traffic freeze --help"
        ),
        (
            ["request", "list", "--outcome", "answred"],
            "the value 'answred' is invalid for '--outcome <outcome>'. Please provide one of answered, rejected, "
                + "clientGone, overloaded, ownLoad, timedOut, clientDeadline, engineFailed", "serin request list --help"
        ),
        (["status", "--watc"], "serin status has no flag --watc", "did you mean: --watch, or: --at"),
        (["promote", "x"], "missing expected argument '--to <channel>'", "serin promote --help"),
        (["promote", "--to", "production"], "missing expected argument '<ref>'", "serin promote --help"),
        (["rollback", "a", "b"], "unexpected argument 'b'", "serin rollback --help"),
        (
            ["promote", "x", "--to", "y", "--override"],
            "--override needs --reason TEXT: it is recorded for those who come after", "serin promote --help"
        ),
        (["canary", "run", "x", "--requests", "0"], "--requests must be 1 or more", "serin canary run --help"),
        (
            ["canary", "run", "x", "--seed", "-1"], "missing value for '--seed <n>'",
            "a value that begins with - is written --flag=-1"
        ),
    ])
    func mistyped(arguments: [String], title: String, next: String) throws {
        let found = try problem(arguments)
        #expect(found.title == title)
        #expect(found.next == next)
        #expect(found.report.exit == 64)
    }

    @Test(arguments: [
        (["-o", "json", "model", "list"], ["model", "list", "-o", "json"]),
        (["-q", "--server=http://a:1", "canary", "run", "x"], ["canary", "run", "-q", "--server=http://a:1", "x"]),
        (["model", "list", "-o", "json"], ["model", "list", "-o", "json"]), (["--help"], ["--help"]),
        (["--version"], ["--version"]),
        (["-o"], ["-o"]), (["--limit", "3"], ["--limit", "3"]), ([], []),
    ])
    func leadingFlagsMoveBehindTheVerb(given: [String], moved: [String]) {
        #expect(LeadingFlags.moved(given, root: Root.self) == moved)
    }

    @Test(arguments: [
        (["a", "-o", "json"], true), (["-ojson"], true), (["--output=yaml"], true), (["-o", "table"], false),
        (["-o"], false),
        (["chat", "x", "--", "-o", "json"], false), ([], false),
    ])
    func programsAreRecognised(arguments: [String], wants: Bool) {
        #expect(CommandLineInterface.wantsPrograms(arguments) == wants)
    }

    @Test(arguments: [
        ("kitten", "sitting", 3), ("ab", "ba", 1), ("", "", 0), ("a", "", 1), ("promot", "promote", 1),
        ("abcd", "abdc", 1),
    ])
    func distance(left: String, right: String, edits: Int) {
        #expect(MistypedWord.distance(Array(left.utf8), Array(right.utf8)) == edits)
    }

    @Test func everyVerbHasExamplesAndTheCommonFlags() throws {
        var seen = 0
        func walk(_ command: any ParsableCommand.Type, _ path: [String]) throws {
            let configuration = command.configuration
            let children = configuration.ungroupedSubcommands + configuration.groupedSubcommands.flatMap(\.subcommands)
            #expect(!configuration.abstract.isEmpty, "\(path)")
            for child in children { try walk(child, path + [child.configuration.commandName ?? child._commandName]) }
            guard children.isEmpty else { return }
            seen += 1
            #expect(configuration.discussion.contains("Examples:"), "\(path)")
            for line in configuration.discussion.split(separator: "\n") where line.hasPrefix("  ") {
                #expect(line.count <= 80, "\(line)")
                let words = line.split(separator: " ").map(String.init)
                if words.first == "serin" {
                    let tree = CommandTree(root: Root.self, arguments: Array(words.dropFirst()))
                    #expect(!tree.isGroup, "\(line) names no verb")
                    for word in words where word.hasPrefix("--") {
                        let name = String(word.split(separator: "=")[0])
                        #expect(tree.flags[name] != nil, "\(line): \(name) is no flag")
                    }
                }
            }
            if command is any Verb.Type {
                let flags = CommandTree(root: Root.self, arguments: path).flags
                for flag in ["-o", "--server", "--color", "--progress", "-q", "-v", "--no-input", "--yes", "--limit"] {
                    #expect(flags[flag] != nil, "\(path) has no \(flag)")
                }
            }
        }
        try walk(Root.self, [])
        #expect(seen >= 60)
    }

    @Test(arguments: [
        ("exit-codez", "did you mean: serin help exit-codes"),
        ("promot", "did you mean: serin help promote, or: serin help prompt"),
        ("zzz", "serin --help"),
    ])
    func unknownTopics(topic: String, next: String) throws {
        #expect(try #require(UsageProblem(root: Root.self, topic: topic)).next == next)
    }

    @Test(arguments: ["promote", "canary", "--help"])
    func verbsAreTopicsToo(topic: String) { #expect(UsageProblem(root: Root.self, topic: topic) == nil) }

    @Test(arguments: HelpTopic.allCases)
    func topics(topic: HelpTopic) throws { try Stored.expect(topic.text, as: "help-\(topic.rawValue).txt") }

    @Test func everyExitCodeIsExplained() {
        for code in Exit.allCases { #expect(HelpTopic.exitCodes.text.contains(" \(code.rawValue)  ")) }
    }
}
