import ArgumentParser
import RegistryTypes
import UserDocuments
import WireFormat

/// `serin slo lint`
struct SLOLintVerb: Verb {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Check files with SLOs; asks no server.",
        discussion: """
            Exits 65 with file, line and near name for everything that is wrong. What the server thinks of an SLO \
            that is right (too few events, a target nobody can keep) is in: serin slo show NAME

            Examples:
              serin slo lint -f Policies/slos/
              serin slo lint -f availability.yaml -o json
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("A file or folder; - is the standard input.", valueName: "path"))
    var file: [String] = []
    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if file.isEmpty { throw ValidationError("Name a file or a folder: -f PATH.") }
    }

    func run(_ session: Session) async throws -> Exit {
        let documents = try DocumentFiles.check(DocumentFiles.read(file, session)).filter { document in
            if case .slo = document { true } else { false }
        }
        guard !documents.isEmpty else {
            throw CommandsError.noDocument(path: file.joined(separator: " "), kind: "SLO")
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
