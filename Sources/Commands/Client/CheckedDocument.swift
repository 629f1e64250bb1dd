import Digests
import RegistryTypes
import UserDocuments

/// A document that could be read, as the lint verbs list it.
struct CheckedDocument: Hashable, Sendable, Codable {
    let kind: String
    let name: Name
    let digest: String

    /// What there is to say of `document`.
    ///
    /// - Throws: `EncodingError`.
    init(_ document: Document) throws {
        kind = document.kindWord
        name = document.name
        digest = try document.digest().description
    }
}

extension Report {
    /// Documents that are right.
    static func checked(_ documents: [CheckedDocument]) -> Report {
        Report { report in
            var table = Table(.text(""), .text(""), .text(""))
            for document in documents {
                table.row(
                    StatusCell.pass(document.kind.lowercased()),
                    Cell(document.name.text),
                    Cell(String(document.digest.prefix(19)))
                )
            }
            report.table(table)
        }
    }
}
