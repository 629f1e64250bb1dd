import Foundation

/// The files of a checkout, by their paths below its root.
struct SourceTree {
    /// A file and its text.
    struct File {
        /// The path below the root, such as `Sources/Digests/Digest.swift`.
        let path: String
        let text: String
        /// Its lines, without their ends.
        let lines: [Substring]

        init(path: String, text: String) {
            self.path = path
            self.text = text
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            if lines.last?.isEmpty == true { lines.removeLast() }
            self.lines = lines
        }

        /// The target of a file in `Sources`.
        var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
        var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    }

    let root: URL

    /// Files below a folder, or the one file of that name, whose names end with one of `endings`; sorted by path.
    func files(below folder: String, endings: [String]) throws -> [File] {
        let top = root.appending(path: folder)
        let paths =
            if (try? top.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true {
                FileManager.default.enumerator(atPath: top.path)?.compactMap { $0 as? String }.map { "\(folder)/\($0)" }
                    ?? []
            } else {
                [folder]
            }
        return try paths.filter { path in endings.contains { path.hasSuffix($0) } && !path.contains("/.") }.sorted()
            .map { File(path: $0, text: try String(contentsOf: root.appending(path: $0), encoding: .utf8)) }
    }

    /// The Swift files of a folder.
    func swift(below folder: String) throws -> [File] { try files(below: folder, endings: [".swift"]) }
}
