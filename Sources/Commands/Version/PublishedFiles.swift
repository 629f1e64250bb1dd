import Foundation
import RegistryTypes
import StrictJSON
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
    /// What was found and is left out, as it stands there; folders with a slash at their end.
    private(set) var leftOut: [String] = []

    /// Finds the files of `paths`: files are taken by their last name, folders with all that is in them.
    ///
    /// Hidden files in folders are left out. `card.md`, else `README.md`, at the top is the card unless `card` names another
    /// file, in small letters or large ones; what ends in `.gguf` is weights. One file of a split model stands for all of them. A symbolic link is
    /// followed from a snapshot of a Hugging Face cache to a blob of the same cache, and keeps its name.
    ///
    /// - Throws: ``CommandsError`` for other symbolic links, devices, names no version may hold, files of a split model
    ///   that are missing, and when nothing is left.
    init(paths: [String], card: String?) throws(CommandsError) {
        var found: [(source: String, name: String)] = []
        for path in paths {
            switch try Self.kind(path) {
            case .file(let source):
                found.append((source, path.lastPathPart))
                for other in try Self.otherShards(of: path) where !paths.contains(other.path) {
                    found.append((other.source, other.path.lastPathPart))
                }
            case .folder: try Self.walk(path, below: "", depth: 0, into: &found, &leftOut)
            }
        }
        if let card {
            guard case .file(let source) = try Self.kind(card) else {
                throw .file(path: card, problem: "is a folder; name the card itself")
            }
            leftOut += found.filter { $0.name == "card.md" && $0.source != source }.map(\.source)
            found.removeAll { $0.name == "card.md" || $0.source == source }
            found.append((source, "card.md"))
        }
        guard !found.isEmpty else { throw .nothingToPublish(path: paths.joined(separator: " ")) }
        let names = Set(found.map(\.name))
        let cardName = Self.cardName(among: names)
        // A file that two arguments mean (a folder and a file in it, two files of a split model) is one file.
        var places: [String: String] = [:]
        found.removeAll { file in
            let place = HuggingFaceCache.realPath(file.source) ?? file.source
            return places.updateValue(place, forKey: file.name) == place
        }
        for (source, name) in found.sorted(by: { $0.name < $1.name }) {
            guard ArtifactFile.isValid(path: name) else {
                throw .badFile(
                    path: source,
                    problem: "has a name that no version may hold",
                    next: "rename it: letters, digits, '.', '_', '-', '+'"
                )
            }
            files.append(File(source: source, name: name, role: Self.role(name, cardName: cardName)))
        }
        for (first, second) in zip(files, files.dropFirst()) where first.name == second.name {
            throw .badFile(
                path: second.source,
                problem: "would have the same name as \(first.source)",
                next: "rename one of them"
            )
        }
    }

    /// What was left out, in a line; nil when nothing was.
    var leftOutWords: String? {
        guard !leftOut.isEmpty else { return nil }
        let names = leftOut.prefix(5).map(\.printable).joined(separator: ", ") + (leftOut.count > 5 ? ", …" : "")
        return "\(NumberText.count(leftOut.count, "file")) left out: \(names)"
    }

    /// Each file with the role that `role` gives it.
    func with(_ role: (File) -> ArtifactFile.Role) -> PublishedFiles {
        var copy = self
        copy.files = files.map { File(source: $0.source, name: $0.name, role: role($0)) }
        return copy
    }

    /// The name of the card: as it should be written, else as people write it.
    private static func cardName(among names: Set<String>) -> String {
        for wanted in ["card.md", "README.md"] {
            if names.contains(wanted) { return wanted }
            if let name = names.sorted().first(where: { $0.lowercased() == wanted.lowercased() }) { return name }
        }
        return "card.md"
    }

    private static func role(_ name: String, cardName: String) -> ArtifactFile.Role {
        let small = name.lowercased()
        if small.hasSuffix(".gguf") { return .weights }
        if small.hasSuffix(".safetensors") { return .safetensors }
        return name == cardName ? .card : .opaque
    }

    private enum Kind {
        /// The bytes are in the file at `source`.
        case file(source: String)
        case folder
    }

    /// The other files of the split model that the file at `path` belongs to.
    private static func otherShards(of path: String) throws(CommandsError) -> [(path: String, source: String)] {
        guard let shard = ShardName(path), shard.count > 1, shard.count <= 1000 else { return [] }
        var others: [(path: String, source: String)] = [], missing: [Int] = []
        for number in 1...shard.count where number != shard.number {
            let other = shard.name(of: number)
            if access(other, F_OK) == 0, case .file(let source) = try kind(other) {
                others.append((other, source))
            } else {
                missing.append(number)
            }
        }
        guard missing.isEmpty else {
            let numbers = missing.prefix(10).map(String.init).joined(separator: ", ")
            throw .badFile(
                path: path,
                problem: "is file \(shard.number) of a model in \(shard.count) files; not beside it: \(numbers)"
                    + (missing.count > 10 ? " and \(missing.count - 10) more" : ""),
                next: "put all of them into one folder and publish any of them, or the folder"
            )
        }
        return others
    }

    private static func kind(_ path: String) throws(CommandsError) -> Kind {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw .file(path: path, problem: FileReader.reason(errno)) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file(source: path)
        case S_IFDIR: return .folder
        case S_IFLNK:
            if let blob = HuggingFaceCache.blob(behind: path) { return .file(source: blob) }
            throw .badFile(path: path, problem: "is a symbolic link", next: "name the file it points to, or copy it")
        default: throw .badFile(path: path, problem: "is neither a file nor a folder", next: "leave it out")
        }
    }

    private static func walk(
        _ folder: String,
        below: String,
        depth: Int,
        into found: inout [(source: String, name: String)],
        _ leftOut: inout [String]
    ) throws(CommandsError) {
        guard depth < 16 else { throw .file(path: folder, problem: "is more than 16 folders deep") }
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
            throw .file(path: folder, problem: "cannot be listed")
        }
        for name in names.sorted() {
            let path = folder.path(of: name)
            if name.utf8.first == 0x2e {
                var status = stat()
                let isFolder = lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
                leftOut.append(below + name + (isFolder ? "/" : ""))
                continue
            }
            switch try kind(path) {
            case .file(let source): found.append((source, below + name))
            case .folder: try walk(path, below: below + name + "/", depth: depth + 1, into: &found, &leftOut)
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
