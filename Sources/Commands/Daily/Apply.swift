import ArgumentParser
import Foundation
import RegistryTypes
import WireFormat

/// `serin apply`
struct Apply: Verb {
    static let configuration = CommandConfiguration(
        abstract: "Make the server agree with files: policies, canaries, prompts.",
        discussion: """
            All documents of all files are checked first; if one is wrong, nothing is changed. A folder means the \
            *.yaml and *.yml directly in it. - is the standard input.

            Examples:
              serin apply -f Policies/ --dry-run
              serin apply -f Policies/ -f prompts/triage.yaml
              serin apply -f Policies/ --dry-run --exit-code
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("A file or a folder.", valueName: "path"), completion: .file())
    var file: [String]
    @Flag(help: "Say what would change; change nothing.") var dryRun = false
    @Flag(help: "Exit 10 when something was or would be changed.") var exitCode = false
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let files = try DocumentFiles.read(file, session)
        try DocumentFiles.check(files)
        let answer: ApplyAnswer = try await session.client.post(
            APIPath.apply,
            ApplyRequest(files: files, dryRun: dryRun ? true : nil)
        )
        try session.show(
            answer,
            kind: "Apply",
            names: answer.changes.map { "\($0.kind.lowercased())/\($0.name)" },
            .apply(answer)
        )
        let created = answer.changes.count { $0.action == .created }
        let changed = answer.changes.count { $0.action == .changed }
        if dryRun { session.printer.talk("plan only: \(changed) to change, \(created) to create") }
        return exitCode && created + changed > 0 ? .checkFailed : .ok
    }
}

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
