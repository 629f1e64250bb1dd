package import Foundation

/// A folder of its own for one test, removed with it.
package final class ScratchFolder: Sendable {
    /// Where it is.
    package let url: URL
    /// The same as text, without a slash at its end.
    package var path: String { url.path }

    /// Makes an empty folder.
    ///
    /// - Parameter inMemory: On a disk in memory where the system has one: for what is written very often and never cut off.
    package init(inMemory: Bool = false) throws {
        let memory = URL(filePath: "/dev/shm", directoryHint: .isDirectory)
        let isThere = inMemory && FileManager.default.isWritableFile(atPath: memory.path)
        url = (isThere ? memory : FileManager.default.temporaryDirectory).appending(path: "serin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    /// Makes a copy of a folder: what a process that ended there would have left behind.
    ///
    /// - Parameter parent: The folder to make it in; that of temporary files unless it is given.
    package init(copying original: URL, into parent: URL? = nil) throws {
        url = (parent ?? FileManager.default.temporaryDirectory).appending(path: "serin-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: original, to: url)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The path of a file or folder in it, which need not exist.
    package func file(_ name: String) -> String { path + "/" + name }

    /// Writes bytes, with the folders above them.
    ///
    /// - Returns: The path of the file.
    @discardableResult
    package func write(_ name: String, _ data: Data) throws -> String {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        return file.path
    }

    /// Writes a text, with the folders above it.
    ///
    /// - Returns: The path of the file.
    @discardableResult
    package func write(_ name: String, _ text: String) throws -> String { try write(name, Data(text.utf8)) }
}
