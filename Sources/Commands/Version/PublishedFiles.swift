import Foundation
import RegistryTypes
import Wording

/// The files that a `publish` means: which ones, under which names, and for what.
struct PublishedFiles: Hashable, Sendable {
    /// One file.
    struct File: Hashable, Sendable {
        /// Where it is.
        let source: String
        /// Its name inside the version.
        let name: String
        /// What it is for.
        let role: ArtifactFile.Role
    }

    /// Sorted by name.
    private(set) var files: [File] = []

    /// Finds the files of `paths`: files are taken by their last name, folders with all that is in them.
    ///
    /// Hidden files are left out. `card.md`, else `README.md`, at the top is the card unless `card` names another
    /// file; what ends in `.gguf` is weights.
    ///
    /// - Throws: ``CommandsError`` for symbolic links, devices, names no version may hold, and when nothing is left.
    init(paths: [String], card: String?) throws(CommandsError) {
        var found: [(source: String, name: String)] = []
        for path in paths {
            switch try Self.kind(path) {
            case .file: found.append((path, path.lastPathPart))
            case .folder: try Self.walk(path, below: "", depth: 0, into: &found)
            }
        }
        if let card {
            guard case .file = try Self.kind(card) else {
                throw .file(path: card, problem: "is a folder; name the card itself")
            }
            found.removeAll { $0.name == "card.md" || $0.source == card }
            found.append((card, "card.md"))
        }
        guard !found.isEmpty else { throw .nothingToPublish(path: paths.joined(separator: " ")) }
        let names = Set(found.map(\.name))
        let cardName = names.contains("card.md") ? "card.md" : "README.md"
        for (source, name) in found.sorted(by: { $0.name < $1.name }) {
            guard ArtifactFile.isValid(path: name) else {
                throw .badFile(
                    path: source,
                    problem: "has a name that no version may hold",
                    next: "rename it: letters, digits, '.', '_', '-', '+'"
                )
            }
            let role: ArtifactFile.Role =
                name.lowercased().hasSuffix(".gguf") ? .weights : name == cardName ? .card : .opaque
            files.append(File(source: source, name: name, role: role))
        }
        for (first, second) in zip(files, files.dropFirst()) where first.name == second.name {
            throw .badFile(
                path: second.source,
                problem: "would have the same name as \(first.source)",
                next: "rename one of them"
            )
        }
    }

    private enum Kind { case file, folder }

    private static func kind(_ path: String) throws(CommandsError) -> Kind {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw .file(path: path, problem: FileReader.reason(errno)) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        case S_IFLNK:
            throw .badFile(path: path, problem: "is a symbolic link", next: "name the file it points to, or copy it")
        default: throw .badFile(path: path, problem: "is neither a file nor a folder", next: "leave it out")
        }
    }

    private static func walk(
        _ folder: String,
        below: String,
        depth: Int,
        into found: inout [(source: String, name: String)]
    ) throws(CommandsError) {
        guard depth < 16 else { throw .file(path: folder, problem: "is more than 16 folders deep") }
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
            throw .file(path: folder, problem: "cannot be listed")
        }
        for name in names.sorted() where !name.hasPrefix(".") {
            let path = folder.path(of: name)
            switch try kind(path) {
            case .file: found.append((path, below + name))
            case .folder: try walk(path, below: below + name + "/", depth: depth + 1, into: &found)
            }
            guard found.count <= 1000 else {
                throw .badFile(
                    path: folder,
                    problem: "holds more than 1,000 files",
                    next: "name the model's files only"
                )
            }
        }
    }
}
