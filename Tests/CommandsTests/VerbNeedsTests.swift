import Foundation
import RegistryTypes
import TestSupport
import Testing

@testable import Commands
@testable import serin

/// `docs/security.md` says of each verb which role it takes. It is made from the table of verbs, which names all there are.
struct VerbNeedsTests {
    private static let verbs = CommandTree.leaves(of: Serin.self).map { Array($0.words.dropFirst()) }

    @Test func everyVerbIsInTheTable() {
        #expect(Set(Self.verbs.map { $0.joined(separator: " ") }) == VerbNeeds.verbs)
    }

    @Test func theDocumentIsMadeFromTheTable() throws {
        let lines = Self.verbs.sorted { $0.joined(separator: " ") < $1.joined(separator: " ") }.compactMap { words in
            VerbNeeds.of(words).map { needs in
                let role =
                    switch needs {
                    case .files: "none: works on files"
                    case .folder: "none: works on a data folder, for whoever may write it"
                    case .anyone: "anybody who reaches the server"
                    case .key: needs.role?.rawValue ?? "anybody"
                    }
                return "| `serin \(words.joined(separator: " "))` | \(role) | \(Self.besides(needs)) |"
            }
        }
        let table = ["| verb | role | besides |", "| --- | --- | --- |"] + lines
        #expect(
            try WrittenTable("verbs", of: "docs/security.md").says(table),
            "docs/security.md differs: run with UPDATE_GOLDEN=1"
        )
    }

    private static func besides(_ needs: VerbNeeds) -> String {
        guard case .key(let operations) = needs else { return "" }
        return operations.flatMap { operation -> [String] in
            let others = operation.onThingsOfOthers.flatMap { other in
                other.permission.minRole.map { "of another key: \($0.rawValue)" }
            }
            return [others].compactMap(\.self)
                + operation.forSome.compactMap { some in
                    some.permission.minRole.map { "\(some.words): \($0.rawValue)" }
                }
        }.joined(separator: "; ")
    }

    /// Each verb, with a key of the role below and with one of its own.
    @Test
    func eachVerbIsRefusedToTheRoleBelow() throws {
        let installation = try Installation()
        let server = try RunningServer(installation)
        let file = installation.folder.appending(path: "any.json").path
        try Data("{}".utf8).write(to: URL(filePath: file))
        var tokens: [Role: String] = [:]
        for role in Role.allCases {
            let made = try installation.run(
                "key",
                "create",
                "a-\(role.rawValue)",
                "--role",
                role.rawValue,
                "--server",
                server.address
            )
            tokens[role] = made.out.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("srn_") }.map(
                String.init
            )
        }
        let arguments: [String: [String]] = [
            "chat": ["any", "text"], "request label": ["01KAJ5W1T8Z3V0Q9M7R2X4B6CD", "--correct", "yes"],
            "replay": ["01KAJ5W1T8Z3V0Q9M7R2X4B6CD"], "inspect": ["any@1"], "score": ["any@1", "--text", file],
            "promote": ["any@1", "--to", "production"], "rollback": ["any"],
            "rollout resume": ["any", "--reason", "x"], "incident note": ["i-1", "x"],
            "incident close": ["i-1", "--reason", "x"], "key list": [], "key create": ["other", "--role", "caller"],
            "key revoke": ["nobody", "--yes"], "canary cancel": ["c-1"], "eval cancel": ["e-1"], "model list": [],
            "audit list": [], "status": [], "drift run": ["any"], "incident show": ["i-1"],
        ]
        for words in Self.verbs {
            let verb = words.joined(separator: " ")
            guard let needs = VerbNeeds.of(words), let role = needs.role, let given = arguments[verb] else { continue }
            for other in Role.allCases {
                let answer = try installation.run(
                    words + given + ["--server", server.address],
                    environment: ["SERIN_TOKEN": try #require(tokens[other])]
                )
                #expect((answer.exit == 4) == (other < role), "\(verb) as \(other): \(answer.exit) \(answer.err)")
            }
        }
        try server.stop()
    }
}
