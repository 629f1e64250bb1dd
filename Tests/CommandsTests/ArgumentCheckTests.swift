import ArgumentParser
import Testing
import WireFormat

@testable import Commands

/// What the parser takes and nobody can have meant, of every verb there is.
struct ArgumentCheckTests {
    private static let leaves = CommandTree.leaves(of: UsageTests.Root.self)

    private func problem(_ arguments: [String]) -> String? {
        let tree = CommandTree(root: UsageTests.Root.self, arguments: arguments)
        return ArgumentCheck(tree: tree, rest: Array(arguments.dropFirst(tree.depth))).problem
    }

    @Test func everyFlagGivenTwiceIsRefused() {
        var tried = 0
        for tree in Self.leaves {
            for argument in tree.arguments where argument.kind != .positional && !argument.names.contains("--help") {
                // In every spelling, also two different ones.
                for name in argument.names {
                    let one = argument.kind == .option ? [name, "x"] : [name]
                    let other = argument.kind == .option ? [argument.names[0], "x"] : [argument.names[0]]
                    let found = problem(Array(tree.words.dropFirst()) + one + other)
                    if argument.isRepeating {
                        #expect(found?.contains("twice") != true, "\(tree.words) \(name)")
                    } else {
                        #expect(found == "\(argument.spoken) is given twice", "\(tree.words) \(name)")
                    }
                    tried += 1
                }
            }
        }
        #expect(tried > 800)
    }

    @Test func everyEmptyValueIsRefusedWhereItIsNoTextForAModel() {
        var texts: Set<String> = []
        for tree in Self.leaves {
            let words = Array(tree.words.dropFirst())
            for argument in tree.arguments where argument.kind == .option {
                let name = argument.spoken
                let found = problem(words + [name, ""]), joined = problem(words + ["\(name)="])
                #expect(found == joined, "\(words) \(name)")
                if found == nil { texts.insert(name) } else { #expect(found == "\(name) is empty", "\(words) \(name)") }
            }
            let places = tree.arguments.filter { $0.kind == .positional }
            guard let first = places.first else { continue }
            #expect(problem(words + [""]) == "\(first.spoken) is empty", "\(words)")
        }
        #expect(texts == ["--system", "--stop", "--text", "--correction", "--var", "--set"])
    }

    @Test(arguments: ["\u{1b}[31mred", "bell\u{7}", "c1\u{9b}m", "del\u{7f}", "\u{1}"])
    func controlCharactersAreRefusedByTheirNumber(text: String) throws {
        for arguments in [
            ["promote", text, "--to", "production"], ["rollback", "m", "--reason", text], ["model", "show", text],
            ["incident", "note", "i-1", text], ["publish", "x", "--message=\(text)"],
        ] {
            let found = try #require(problem(arguments), "\(arguments)")
            #expect(found.contains("control character U+00"))
            #expect(!found.unicodeScalars.contains { $0.value < 0x20 })
        }
        #expect(problem(["chat", "m", text]) == nil)
        #expect(problem(["run", "m.gguf", text]) == nil)
    }

    @Test func linesAndTabsAreWords() {
        #expect(problem(["incident", "note", "i-1", "first\nsecond\tcolumn"]) == nil)
        #expect(problem(["rollback", "m", "--reason", "line one\nline two"]) == nil)
    }

    @Test(
        arguments: [
            (["promote", "x", "--to", "y", "--traffic", "t"], "--traffic does nothing without --run-missing"),
            (["promote", "x", "--to", "y", "--timeout=5m"], "--timeout does nothing without --run-missing"),
            (["promote", "x", "--to", "y", "--run-missing", "--timeout=5m"], nil),
            (["status", "--every", "2s"], "--every does nothing without --watch"),
            (["status", "--every", "2s", "-w"], nil),
            (["open", "ticket-bot", "--login"], "--login and <ref> exclude each other"), (["open", "--login"], nil),
            (["canary", "run", "x", "--no-wait", "--timeout", "5m"], "--no-wait and --timeout exclude each other"),
            (["canary", "run", "x", "--no-wait", "--fail-on", "fail"], "--no-wait and --fail-on exclude each other"),
            (["canary", "run", "x", "--plan", "--no-wait"], "--plan and --no-wait exclude each other"),
            (["canary", "run", "x", "--plan", "--timeout", "5m"], "--plan and --timeout exclude each other"),
            (
                ["eval", "run", "x", "--suite", "s", "--no-wait", "--timeout", "5m"],
                "--no-wait and --timeout exclude each other"
            ),
            (
                ["policy", "explain", "--decision", "dec-1", "--to", "staging"],
                "--decision and --to exclude each other"
            ),
            (["traffic", "freeze", "x", "--seed", "3"], "--seed does nothing without --sample"),
            (["promote", "x", "--to", "y", "--limit", "3"], "serin promote prints no list that --limit could cut"),
            (["model", "list", "--limit", "3"], nil), (["request", "list", "--limit", "0"], nil),
            (["tokenize", "m.gguf", "x", "--limit", "3"], nil),
            (["model", "list", "--", "--limit", "3"], nil), (["completion", "bash"], nil),
            (["-q", "model", "list"], nil), (["run", "m", ""], nil),
        ] as [([String], String?)]
    )
    func flagsThatWouldDoNothing(arguments: [String], title: String?) {
        #expect(problem(LeadingFlags.moved(arguments, root: UsageTests.Root.self)) == title)
    }

    /// The table speaks of verbs and flags that there are.
    @Test func rulesNameWhatThereIs() throws {
        for (path, rules) in FlagRule.table {
            let tree = CommandTree(root: UsageTests.Root.self, arguments: path.split(separator: " ").map(String.init))
            #expect(tree.words.dropFirst().joined(separator: " ") == path)
            let known = Set(tree.arguments.flatMap { $0.names + [$0.spoken] })
            for rule in rules {
                let others =
                    switch rule.relation {
                    case .needs(let names): names
                    case .excludes(let name): [name]
                    }
                #expect(known.isSuperset(of: [rule.flag] + others), "\(path): \(rule)")
            }
        }
        for path in VerbExits.table.keys where !path.hasPrefix("server ") && !path.hasPrefix("demo ") {
            let words = path.split(separator: " ").map(String.init)
            #expect(CommandTree(root: UsageTests.Root.self, arguments: words).depth == words.count, "\(path)")
        }
    }

    // MARK: Formats

    /// What help offers works, what completion offers is the same, and every other format is refused by its name.
    @Test func everyVerbOffersTheFormatsThatItTakes() async throws {
        var verbs = 0, markdown: Set<String> = []
        for tree in Self.leaves {
            guard let verb = tree.command as? any Verb.Type else { continue }
            verbs += 1
            let name = tree.words.joined(separator: " ")
            if verb.formats.contains(.md) { markdown.insert(name) }
            let help = CommonHelp(tree).text
            let line = try #require(help.split(separator: "\n").first { $0.contains("--output") }, "\(name)")
            let offered = line.drop { $0 != ">" }.dropFirst().split { !$0.isLetter }.map(String.init).filter {
                $0 != "or"
            }
            #expect(offered == verb.formats.map(\.rawValue), "\(name): \(line)")
            let words = Array(tree.words.dropFirst()) + ["-o", ""]
            let completion = ShellCompletion(root: UsageTests.Root.self, environment: Environment())
            #expect(
                await completion.offer(words) == .words(offered.map { ShellCompletion.Candidate(word: $0) }),
                "\(name)"
            )
            for format in OutputFormat.allCases {
                #expect((VerbRun.refusal(of: format, isFlag: true, by: verb) == nil) == verb.formats.contains(format))
            }
        }
        #expect(verbs >= 60)
        #expect(markdown.contains("serin incident export"))
    }

    @Test func aFormatThatAVerbDoesNotTakeIsNamed() throws {
        let error = try #require(VerbRun.refusal(of: .md, isFlag: true, by: Promote.self))
        let report = ErrorReport(error)
        #expect(report.exit == 64 && report.title == "-o \"md\" cannot be used")
        #expect(report.detail == "this verb writes table, wide, json, yaml or name")
        let variable = try #require(VerbRun.refusal(of: .md, isFlag: false, by: Promote.self))
        #expect(ErrorReport(variable).title == "SERIN_OUTPUT \"md\" cannot be used")
    }

    // MARK: Help

    /// The common flags are said once: no verb's help repeats them, and the topic has them all.
    @Test func commonFlagsAreSaidOnce() throws {
        for tree in Self.leaves {
            let help = tree.command.helpMessage()
            let rows = help.split(separator: "\n").filter { $0.hasPrefix("  -") }
            for argument in LeadingFlags.common {
                for name in argument.names where name.hasPrefix("--") {
                    #expect(!rows.contains { "\($0) ".contains("\(name) ") }, "\(tree.words): \(name)")
                }
            }
        }
        for argument in LeadingFlags.common {
            for name in argument.names { #expect(HelpTopic.options.text.contains(name)) }
        }
    }
}
