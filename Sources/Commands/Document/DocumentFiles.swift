import Foundation
import StrictJSON
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
            let (names, leftOut) = try expanded(path)
            if !leftOut.isEmpty {
                let words =
                    leftOut.prefix(5).map(\.printable).joined(separator: ", ") + (leftOut.count > 5 ? ", …" : "")
                session.printer.talk(
                    "\(NumberText.count(leftOut.count, "entry", plural: "entries")) of \(path) left out: \(words)"
                )
            }
            for name in names {
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

    /// The files that a path means, and what of a folder is left out.
    static func expanded(_ path: String) throws(CommandsError) -> (names: [String], leftOut: [String]) {
        var isFolder: ObjCBool = false
        guard path != "-", FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
        else {
            return ([path], [])
        }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw .file(path: path, problem: "cannot be listed")
        }
        func isDocument(_ name: String) -> Bool {
            // Bytes: a combining mark behind the dot makes it no other name.
            let end = name.lowercased().utf8.reversed()
            let isYAML = [".yaml", ".yml"].contains { end.starts(with: $0.utf8.reversed()) }
            return isYAML && name.utf8.first != 0x2e
        }
        let found = names.sorted().filter(isDocument)
        guard !found.isEmpty else { throw .noDocument(path: path, kind: "YAML file") }
        return (found.map { path.path(of: $0) }, names.sorted().filter { !isDocument($0) })
    }
}
