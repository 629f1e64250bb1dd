import Foundation
import UserDocuments
import WireFormat
import Wording

/// Files with documents, as a person names them.
enum DocumentFiles {
    /// The texts of `paths`, folders replaced by the YAML files in them.
    ///
    /// - Throws: ``CommandsError``.
    static func read(_ paths: [String], _ session: Session) throws(CommandsError) -> [SourceFile] {
        var files: [SourceFile] = []
        for path in paths {
            for name in try expanded(path) {
                files.append(SourceFile(name: name, text: try session.text(ofFile: name)))
            }
        }
        guard files.count <= 1000 else {
            throw .badFile(
                path: paths.first ?? "",
                problem: "and what else is named mean more than 1,000 files",
                next: "name fewer"
            )
        }
        return files
    }

    /// Reads every document of every file.
    ///
    /// - Throws: ``CommandsError/badDocuments(_:)`` with all that is wrong in all of them.
    @discardableResult
    static func check(_ files: [SourceFile]) throws(CommandsError) -> [Document] {
        var documents: [Document] = [], diagnostics: [Diagnostic] = []
        for file in files {
            do { documents += try Document.parse(file.text, file: file.name) } catch {
                diagnostics += error.diagnostics
            }
        }
        guard diagnostics.isEmpty else { throw .badDocuments(diagnostics) }
        return documents
    }

    private static func expanded(_ path: String) throws(CommandsError) -> [String] {
        var isFolder: ObjCBool = false
        guard path != "-", FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
        else {
            return [path]
        }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw .file(path: path, problem: "cannot be listed")
        }
        let found = names.sorted()
            .filter { ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) && !$0.hasPrefix(".") }
        guard !found.isEmpty else { throw .noDocument(path: path, kind: "YAML file") }
        return found.map { path.path(of: $0) }
    }
}
