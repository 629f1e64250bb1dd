import ArgumentParser
import Digests
import RegistryTypes
import UserDocuments
import WireFormat

/// Which files a lint verb checks.
struct DocumentPaths: ParsableArguments, Sendable {
    @Argument(help: ArgumentHelp("Files and folders; - is the standard input.", valueName: "path"), completion: .file())
    var paths: [String] = []
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The same, as apply has it.", valueName: "path"),
        completion: .file()
    )
    var file: [String] = []

    mutating func validate() throws {
        if paths.isEmpty && file.isEmpty { throw ValidationError("Name a file or a folder.") }
    }

    /// Checks the files and lists those of their documents that are wanted.
    ///
    /// - Throws: ``CommandsError/badDocuments(_:)`` with all that is wrong in all of them;
    ///   ``CommandsError/noDocument(path:kind:)`` when none is wanted.
    func lint(_ session: Session, kind: String, where isWanted: (Document) -> Bool) throws -> Exit {
        let documents = try DocumentFiles.check(DocumentFiles.read(paths + file, session)).filter(isWanted)
        guard !documents.isEmpty else {
            throw CommandsError.noDocument(path: (paths + file).joined(separator: " "), kind: kind)
        }
        let checked = try documents.map { try CheckedDocument($0) }
        try session.show(
            ListAnswer(items: checked),
            kind: "DocumentList",
            names: checked.map(\.name.text),
            Self.report(checked)
        )
        return .ok
    }

    /// What a person reads: the documents, then what is probably not meant in them.
    static func report(_ checked: [CheckedDocument]) -> Report {
        var table = Table(.text(""), .text(""), .text(""))
        for document in checked {
            table.row(
                document.warnings.isEmpty
                    ? StatusCell.pass(document.kind.lowercased()) : StatusCell.notice(document.kind.lowercased()),
                Cell(document.name.text),
                Cell(String(document.digest.prefix(19)))
            )
        }
        return Report { report in
            report.table(table)
            for document in checked {
                for warning in document.warnings { report.line(StatusCell.notice("\(document.name): \(warning)")) }
            }
        }
    }
}

/// A document that could be read, as the lint verbs list it.
struct CheckedDocument: Hashable, Sendable, Codable {
    let kind: String
    let name: Name
    let digest: String
    /// What is probably not meant, each in one line; empty when there is nothing to say.
    let warnings: [String]

    /// What there is to say of `document`.
    ///
    /// - Throws: `EncodingError`.
    init(_ document: Document) throws {
        kind = document.kindWord
        name = document.name
        digest = try document.digest().description
        warnings =
            switch document {
            case .slo(let slo): SLOLint.warnings(slo)
            case .policy, .canary, .prompt: []
            }
    }
}
