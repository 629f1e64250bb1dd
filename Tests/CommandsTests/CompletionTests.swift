import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import Commands

/// What TAB offers where no server is asked; with one: ScenarioTests.
struct CompletionTests {
    private let completion = ShellCompletion(root: UsageTests.Root.self, environment: Environment())

    private func words(_ line: String) async -> [String] {
        switch await completion.offer(Array(ShellCompletion.split(line).dropFirst())) {
        case .files: [":files"]
        case .words(let candidates): candidates.map(\.word)
        }
    }

    @Test(arguments: [
        ("serin rollb", ["rollback"]), ("serin canary ", ["run", "list", "show", "watch"]),
        ("serin drift baseline ", ["set", "list"]), ("serin -o json model li", ["list"]),
        ("serin nonsense ", []), ("serin model list extra ", []),
        ("serin promote x --to production --over", ["--override"]), ("serin promote --dr", ["--dry-run"]),
        ("serin model list -o ", ["table", "wide", "json", "yaml", "name"]),
        ("serin -o ", ["table", "wide", "json", "yaml", "name", "md", "junit", "html"]),
        ("serin -o j", ["json", "junit"]),
        ("serin --color ", ["auto", "always", "never"]), ("serin --quiet -o json model li", ["list"]),
        ("serin --limit ", []), ("serin --token-file ", [":files"]),
        ("serin model list --output=y", ["--output=yaml"]),
        ("serin key create x --role reader -o n", []), ("serin incident export i-1 -o m", ["md"]),
        ("serin model list --color ", ["auto", "always", "never"]),
        ("serin request list --outcome over", ["overloaded"]),
        ("serin request list --outcome=over", ["--outcome=overloaded"]),
        ("serin request label x --thumb ", ["up", "down"]), ("serin completion ", ["bash", "zsh", "fish"]),
        ("serin audit list --kind channel.", ["channel.moved", "channel.settled"]),
        ("serin traffic freeze x --filter corr", ["correct="]),
        ("serin publish ", [":files"]), ("serin apply -f ", [":files"]), ("serin apply -f a -f b --file=", [":files"]),
        ("serin inspect ./mo", [":files"]), ("serin model pull x --to ", [":files"]),
        ("serin model list --token-file ", [":files"]), ("serin rollback m --reason ", []),
        ("serin help exit", ["exit-codes"]), ("serin help canary ru", ["run"]), ("serin help promote ", []),
        ("serin model list -- --", []), ("serin promote 'a b' --exp", ["--expect"]),
    ])
    func whatMayStandAtTheCursor(line: String, offered: [String]) async {
        let found = await words(line)
        if line.hasSuffix("baseline ") || line.hasSuffix("canary ") {
            #expect(Set(found).isSuperset(of: offered), "\(line): \(found)")
        } else {
            #expect(found == offered, "\(line)")
        }
    }

    @Test func aFlagThatStandsThereIsNotOfferedAgain() async {
        let found = await words("serin promote x --to production --dry-run --")
        #expect(!found.contains("--to") && !found.contains("--dry-run") && found.contains("--reason"))
        #expect(await words("serin apply -f a --fi") == ["--file"])
    }

    /// Every verb and every flag of every verb can be completed from its first half.
    @Test func everyVerbAndFlagIsOffered() async {
        for tree in CommandTree.leaves(of: UsageTests.Root.self) {
            let path = tree.words.joined(separator: " ")
            #expect(await words(path).contains(tree.words.last ?? ""), "\(path)")
            let offered = Set(await words(path + " --"))
            let flags = tree.arguments.filter { $0.kind != .positional }.map(\.spoken).filter { $0.hasPrefix("--") }
            #expect(offered == Set(flags), "\(path)")
        }
    }

    /// An argument that names something is completed with names of that kind; what has none is said here, so that a new
    /// argument is thought of.
    @Test func everyValueHasASourceOrIsKnownToHaveNone() {
        let free: Set = [
            "text", "n", "time", "key=value", "start/length", "list", "share", "word", "url", "subject", "policy",
            "role",
            "shift", "how", "when", "format", "arm", "outcome", "yes|no", "up|down", "folder", "file", "path", "shell",
            "p",
        ]
        for tree in CommandTree.leaves(of: UsageTests.Root.self) {
            for argument in tree.arguments where argument.kind != .flag {
                let hasSource = NameSource.of(argument, tree) != nil
                let isMade =
                    ["create", "freeze", "import", "label"].contains(tree.words.last ?? "")
                    || argument.names.contains("--before")
                #expect(
                    hasSource || !argument.choices.isEmpty || argument.isFile || isMade
                        || free.contains(argument.valueName ?? ""),
                    "\(tree.words) \(argument.spoken) <\(argument.valueName ?? "")>"
                )
            }
        }
    }

    @Test(arguments: [
        ("serin", ["serin"]), ("serin ", ["serin", ""]), ("a  b", ["a", "b"]), ("a 'b c' d", ["a", "b c", "d"]),
        ("a \"b c", ["a", "b c"]), (#"a b\ c"#, ["a", "b c"]), ("a ''", ["a", ""]), ("", [""]),
        ("a \"\" b", ["a", "", "b"]),
        (#"a 'b\c'"#, ["a", #"b\c"#]),
    ])
    func linesAreCutAsAShellDoes(line: String, words: [String]) { #expect(ShellCompletion.split(line) == words) }

    /// The shell itself reads the script without running it, where it is installed.
    @Test(arguments: [
        (Completion.Shell.bash, "/bin/bash", "-n"), (.zsh, "/bin/zsh", "-n"), (.fish, "/usr/bin/fish", "-n"),
    ])
    func shellsAcceptTheirScript(shell: Completion.Shell, program: String, flag: String) throws {
        guard FileManager.default.isExecutableFile(atPath: program) else { return }
        let folder = try ScratchFolder()
        let file = try folder.write("completion", shell.script)
        let process = try ChildProcess(program, [flag, file], environment: ["HOME": folder.url.path])
        #expect(try process.waitForEnd() == .exit(0))
    }

    // MARK: Man pages

    @Test func everyCommandHasAManPage() throws {
        let pages = ManPages(root: UsageTests.Root.self).all(on: "2026-11-21")
        let names = Set(pages.map(\.name))
        #expect(names.count == pages.count && names.contains("serin.1") && names.contains("serin-drift-baseline-set.1"))
        for tree in CommandTree.leaves(of: UsageTests.Root.self) {
            let page = try #require(pages.first { $0.name == tree.words.joined(separator: "-") + ".1" })
            for argument in tree.arguments where argument.isShown && !argument.isOfParser {
                for name in argument.names {
                    #expect(page.text.contains(name.replacing("-", with: "\\-")), "\(page.name) \(name)")
                }
            }
            for section in ["NAME", "SYNOPSIS", "EXIT STATUS"] { #expect(page.text.contains(".SH \"\(section)\"")) }
        }
    }

    /// Where mandoc or man-db are installed, they find nothing to say.
    @Test(arguments: [
        ("/usr/bin/mandoc", ["-Tlint", "-Wwarning"]), ("/usr/bin/man", ["--warnings", "-E", "UTF-8", "-l", "-Tutf8"]),
    ])
    func manPagesAreInOrder(program: String, arguments: [String]) throws {
        guard FileManager.default.isExecutableFile(atPath: program) else { return }
        let folder = try ScratchFolder()
        let pages = folder.url.appending(path: "man")
        _ = try ManPages(root: UsageTests.Root.self).write(to: [pages.path])
        let files = try FileManager.default.contentsOfDirectory(atPath: pages.path).sorted().map {
            pages.path + "/" + $0
        }
        let errors = folder.url.appending(path: "errors"), isLint = program.hasSuffix("mandoc")
        let process = try ChildProcess(
            program,
            arguments + files,
            environment: ["HOME": folder.url.path, "PATH": "/usr/bin:/bin", "MANPAGER": "cat", "LC_ALL": "C.UTF-8"],
            output: isLint ? errors : nil,
            errors: errors
        )
        let end = try process.waitForEnd()
        let said = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
        #expect(end == .exit(0) && said.isEmpty, "\(said.prefix(2000))")
    }

    @Test(arguments: [[], [""], ["-x"], ["a", "b"]])
    func aManPageFolderIsNeeded(arguments: [String]) {
        #expect(throws: CommandsError.self) { try ManPages(root: UsageTests.Root.self).write(to: arguments[...]) }
    }
}

extension CommandArgument {
    /// Whether the parser adds it to every command by itself.
    fileprivate var isOfParser: Bool { names.contains("--help") || names.contains("--version") }
}
