import ArgumentParser
import WireFormat
import Wording

/// What stands below the help of every command: the formats that it takes, and the exit codes that are its own. All else
/// that every verb has is said once, in `serin help options`.
struct CommonHelp {
    let tree: CommandTree

    init(_ tree: CommandTree) { self.tree = tree }

    /// The lines; nothing of a group.
    var text: String {
        guard !tree.isGroup else { return "" }
        var lines: [String] = []
        if let verb = tree.command as? any Verb.Type {
            lines.append("COMMON OPTIONS:")
            lines.append(Self.row("-o, --output <format>", ReportWords.list(verb.formats.map(\.rawValue)) + "."))
            if verb.limitsRows { lines.append(Self.row("--limit <n>", "Rows; 0 for all. (default: 30)")) }
            lines.append("  And those of every verb: \(NextStep.help("options"))")
        }
        let codes = VerbExits.of(tree.words)
        if !codes.isEmpty {
            if !lines.isEmpty { lines.append("") }
            lines.append("EXIT CODES:")
            for (code, meaning) in codes { lines.append(Self.row(String(code.rawValue), meaning)) }
            lines.append("  And those of every verb: \(NextStep.help("exit-codes"))")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// The page of help about the flags of every verb.
    static var topic: String {
        let rows = LeadingFlags.common.map { argument in
            let value = argument.kind == .option ? " <\(argument.valueName ?? "value")>" : ""
            return row(argument.names.joined(separator: ", ") + value, argument.help)
        }
        return
            (["COMMON OPTIONS      of every verb, before or behind it"] + rows + [
                "",
                "  A verb's own help says which formats it takes and whether it prints a list; any other format, and",
                "  --limit where there is no list, exit 64. So do a flag that is given twice, an empty value, and a flag",
                "  that would do nothing.",
                "",
            ]).map { $0 + "\n" }.joined()
    }

    private static func row(_ name: String, _ meaning: String) -> String {
        let space = String(repeating: " ", count: max(2, 24 - name.utf8.count))
        return "  \(name)\(space)\(meaning)"
    }
}

/// What a verb exits with besides 0, 1 and the codes that every verb has (not found, not allowed, unreachable, usage).
enum VerbExits {
    /// The codes of the verb that `words` lead to, with what they mean of it.
    static func of(_ words: [String]) -> [(Exit, String)] { table[words.dropFirst().joined(separator: " ")] ?? [] }

    static let table: [String: [(Exit, String)]] = {
        let canary: [(Exit, String)] = [
            (.timedOut, "--timeout ended; the canary goes on."), (.checkFailed, "The verdict is fail."),
            (.inconclusive, "There is too little evidence, or the run was not valid."),
            (.waiting, "The verdict is marginal."),
        ]
        let drift: [(Exit, String)] = [
            (.checkFailed, "Somebody should look."), (.inconclusive, "There is too little to say."),
        ]
        let moves: [(Exit, String)] = [
            (.conflict, "The channel moved meanwhile, or --expect names another release."),
            (.refused, "The policy does not allow it."),
        ]
        let lint: [(Exit, String)] = [(.badData, "A document is wrong; file and line are given.")]
        return [
            "publish": [
                (.conflict, "--expect-version names another number."),
                (.badData, "A file or the card is damaged."),
                (.checkFailed, "A GGUF file was published that cannot be run here."),
            ],
            "promote": moves + [
                (.timedOut, "--timeout ended before the missing checks did."),
                (.checkFailed, "A check that --run-missing ran failed."),
                (.inconclusive, "Such a check had too little evidence."), (.waiting, "It waits for a person."),
            ],
            "rollback": moves,
            "status": [(.checkFailed, "With --exit-code: something burns, fails or pages.")],
            "diff": [(.checkFailed, "With --exit-code: they differ.")],
            "apply": [
                (.checkFailed, "With --exit-code: something was or would be changed."),
                (.badData, "A document is wrong; nothing was changed."),
            ],
            "inspect": [
                (.checkFailed, "With --exit-code: it does not run here."), (.badData, "The file is damaged."),
            ],
            "run": [(.badData, "The file is damaged, or does not run here.")],
            "score": [(.badData, "The file is damaged, or does not run here.")],
            "compare": [(.badData, "A file is damaged, or does not run here.")],
            "tokenize": [(.badData, "The file is damaged, or has no tokenizer that is known.")],
            "canary run": canary, "canary watch": canary,
            "eval run": [(.timedOut, "--timeout ended; the evaluation goes on.")],
            "drift run": drift,
            "slo lint": lint, "policy lint": lint,
            "policy explain": [(.waiting, "It would wait for a person."), (.refused, "The channel may not move.")],
            "judge": [(.badData, "A line could not be judged; the others were.")],
            "replay": [(.checkFailed, "With --exit-code: the answer differs.")],
            "rollout show": [
                (.timedOut, "--timeout ended; the rollout goes on."),
                (.checkFailed, "With --watch: the release was taken back."),
            ],
            "prompt push": lint,
            "prompt diff": [(.checkFailed, "With --exit-code: they differ.")],
            "traffic import": [(.badData, "A line is wrong; it is named and nothing is imported.")],
            "model pull": [(.conflict, "A file is there already and is another.")],
            "audit verify": [(.checkFailed, "The log is broken.")],
            "server check": [(.badData, "Something is damaged.")],
            "server rebuild": [(.badData, "The log cannot be replayed.")],
            "demo traffic": [(.interrupted, "Ctrl-C; the figures so far are printed.")],
        ]
    }()
}
