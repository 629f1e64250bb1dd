/// How two flags of a verb stand to each other.
struct FlagRule: Hashable, Sendable {
    enum Relation: Hashable, Sendable {
        /// It does nothing unless one of these is given too.
        case needs([String])
        /// Only one of the two can be meant.
        case excludes(String)
    }

    let flag: String
    let relation: Relation

    private static func flag(_ flag: String, needs others: String...) -> FlagRule {
        FlagRule(flag: flag, relation: .needs(others))
    }

    private static func flag(_ flag: String, excludes other: String) -> FlagRule {
        FlagRule(flag: flag, relation: .excludes(other))
    }

    /// The rules of the verb that `words` lead to.
    static func rules(of words: [String]) -> [FlagRule] { table[words.dropFirst().joined(separator: " ")] ?? [] }

    /// Where a flag would be taken and do nothing, or undo another. A verb says more in its `validate()` where the
    /// values matter, and not only whether the flags are there.
    static let table: [String: [FlagRule]] = [
        "publish": [.flag("--method", needs: "--from")],
        "promote": [
            .flag("--traffic", needs: "--run-missing"), .flag("--timeout", needs: "--run-missing"),
        ],
        "status": [.flag("--every", needs: "--watch")],
        "open": [.flag("--login", excludes: "<ref>")],
        "run": [.flag("--raw", excludes: "--system")],
        "compare": [.flag("--requests", needs: "--traffic")],
        "canary run": [
            .flag("--no-wait", excludes: "--timeout"), .flag("--no-wait", excludes: "--fail-on"),
            .flag("--plan", excludes: "--no-wait"), .flag("--plan", excludes: "--timeout"),
            .flag("--plan", excludes: "--fail-on"),
        ],
        "eval run": [.flag("--no-wait", excludes: "--timeout")],
        "policy explain": [
            .flag("--decision", excludes: "--to"), .flag("--decision", excludes: "--prompt"),
            .flag("--decision", excludes: "--set"),
        ],
        "rollout show": [.flag("--every", needs: "--watch"), .flag("--timeout", needs: "--watch")],
        "traffic freeze": [.flag("--seed", needs: "--sample")],
    ]
}
