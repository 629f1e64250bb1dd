import ArgumentParser
import RegistryTypes
import WireFormat

/// `serin policy lint`
struct PolicyLint: Verb {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Check files with policies, canaries, prompts and SLOs; asks no server.",
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

    func run(_ session: Session) async throws -> Exit {
        let documents = try DocumentFiles.check(DocumentFiles.read(paths + file, session))
        guard !documents.isEmpty else {
            throw CommandsError.noDocument(path: (paths + file).joined(separator: " "), kind: "document")
        }
        let checked = try documents.map { try CheckedDocument($0) }
        try session.show(
            ListAnswer(items: checked),
            kind: "DocumentList",
            names: checked.map(\.name.text),
            .checked(checked)
        )
        return .ok
    }
}
