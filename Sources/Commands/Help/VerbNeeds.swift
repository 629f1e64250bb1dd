import RegistryTypes

/// What each verb asks of the server, and so the role that its key needs: `docs/security.md` prints it.
enum VerbNeeds: Hashable, Sendable {
    /// No server: it works on files.
    case files
    /// A data folder that no server uses, and the right to write it.
    case folder
    /// A server, and no key.
    case anyone
    /// A key that may do these operations, all of them.
    case key([Operation])

    /// What a verb needs, by the words that name it without `serin`; nil for one that nobody has entered here.
    static func of(_ words: [String]) -> VerbNeeds? { table[words.joined(separator: " ")] }

    /// The words of all verbs that are entered.
    static var verbs: Set<String> { Set(table.keys) }

    /// The least role that may do it; nil where none is asked for.
    var role: Role? {
        guard case .key(let operations) = self else { return nil }
        return operations.compactMap(\.permission.minRole).max()
    }

    private static let table: [String: VerbNeeds] = {
        let reads = [
            "status", "open", "diff", "model list", "model show", "model versions", "model pull", "version show",
            "version card", "release list", "release show", "prompt list", "prompt show", "prompt diff", "traffic list",
            "traffic show", "traffic export", "canary list", "canary plan", "canary show", "canary watch",
            "canary samples", "canary recompute", "eval list", "eval show",
            "drift list",
            "drift show", "drift baseline list", "slo list", "slo show", "slo explain", "policy list", "policy show",
            "policy explain", "policy try", "request list", "request show", "rollout list", "rollout show",
            "incident list",
            "incident show", "incident export", "audit list", "audit verify", "quarantine list",
        ]
        let files = ["slo lint", "policy lint", "judge", "completion", "logout"]
        let folder = [
            "serve", "server check", "server rebuild", "server log accept", "server gc", "server key reset",
            "demo create",
        ]
        let others: [String: VerbNeeds] = [
            "login": .anyone, "whoami": .anyone,
            "chat": .key([.callModel]), "request label": .key([.labelAnswer]),
            "demo traffic": .key([.callModel, .labelAnswer]),
            "replay": .key([.replayRequest]), "prompt render": .key([.renderPrompt]),
            // On files they need no server.
            "inspect": .key([.readRegistry]), "run": .files, "score": .key([.readTexts]),
            "compare": .key([.readTexts]), "tokenize": .key([.readTexts]),
            "publish": .key([.uploadFile, .publishVersion]), "apply": .key([.applyDocuments]),
            "prompt push": .key([.pushPrompt]), "traffic import": .key([.importTraffic]),
            "traffic freeze": .key([.freezeTraffic]), "canary run": .key([.runCanary]),
            "canary extend": .key([.runCanary]), "canary cancel": .key([.cancelCanary]),
            "eval run": .key([.runEvaluation]),
            "eval cancel": .key([.cancelEvaluation]), "drift run": .key([.runDrift]),
            "promote": .key([.promote]), "rollback": .key([.rollBack]), "rollout resume": .key([.liftHold]),
            "quarantine lift": .key([.liftQuarantine]), "incident note": .key([.noteIncident]),
            "incident close": .key([.closeIncident]),
            "drift baseline set": .key([.setDriftReference]),
            "key list": .key([.readKeys]), "key create": .key([.makeKey]), "key revoke": .key([.revokeKey]),
        ]
        var table = others
        for words in reads { table[words] = .key([.readRegistry]) }
        for words in files { table[words] = .files }
        for words in folder { table[words] = .folder }
        return table
    }()
}
