import Foundation

/// The folder in which `huggingface_hub` keeps what it downloaded: `models--ORG--NAME` with the bytes under `blobs`, and
/// under `snapshots/REVISION` a symbolic link to them for each file.
enum HuggingFaceCache {
    /// The file with the bytes that a link of a snapshot means; nil when the link is none of a cache, or leads out of it.
    static func blob(behind link: String) -> String? {
        let slash = UInt8(ascii: "/")
        let parent =
            switch link.utf8.lastIndex(of: slash) {
            case nil: "."
            case link.startIndex?: "/"
            case let cut?: String(link[..<cut])
            }
        guard let folder = realPath(parent), let target = realPath(link) else { return nil }
        // The innermost one: a cache may lie below a folder that is called so too.
        let parts = folder.utf8.split(separator: slash)
        guard let snapshots = parts.lastIndex(where: { $0.elementsEqual("snapshots".utf8) }), snapshots > 0,
            snapshots + 1 < parts.count, parts[snapshots - 1].starts(with: "models--".utf8)
        else { return nil }
        let cache = parts[..<snapshots].reduce(into: [UInt8]()) { $0 += [slash] + $1 }
        let blobs = cache + Array("/blobs/".utf8)
        guard target.utf8.starts(with: blobs), !target.utf8.dropFirst(blobs.count).contains(slash) else { return nil }
        var status = stat()
        guard lstat(target, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return target
    }

    /// A path without links, `.` and `..`; nil where nothing is there.
    static func realPath(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }
}
