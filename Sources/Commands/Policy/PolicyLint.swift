import ArgumentParser
import Digests
import RegistryTypes
import WireFormat

/// `serin policy lint`
struct PolicyLint: Verb {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Check files with policies, canaries and prompts; asks no server.",
        discussion: """
            Exits 65 with file, line and near name for everything that is wrong.

            Examples:
              serin policy lint Policies/
              serin policy lint -f production.yaml -f canary.yaml
              serin policy lint production.yaml -o json
            """
    )

    @Argument(help: ArgumentHelp("Files and folders; - is the standard input.", valueName: "path"), completion: .file())
    var paths: [String] = []
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The same, as apply has it.", valueName: "path"),
        completion: .file()
    )
    var file: [String] = []
    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if paths.isEmpty && file.isEmpty { throw ValidationError("Name a file or a folder.") }
    }

    /// What is printed for programs.
    private struct Item: Hashable, Sendable, Codable {
        let kind: String
        let name: Name
        let digest: String
    }

    func run(_ session: Session) async throws -> Exit {
        let documents = try DocumentFiles.check(DocumentFiles.read(paths + file, session))
        guard !documents.isEmpty else {
            throw CommandsError.noDocument(path: (paths + file).joined(separator: " "), kind: "document")
        }
        let items = try documents.map { Item(kind: $0.kindWord, name: $0.name, digest: try $0.digest().description) }
        try session.show(
            ListAnswer(items: items),
            kind: "DocumentList",
            names: items.map(\.name.text),
            Report { report in
                var table = Table(.text(""), .text(""), .text(""))
                for item in items {
                    table.row(
                        Sign.pass(item.kind.lowercased()),
                        Cell(item.name.text),
                        Cell(String(item.digest.prefix(19)))
                    )
                }
                report.table(table)
            }
        )
        return .ok
    }
}
