import Foundation

/// The lock of a data folder: the kernel gives it up when the process ends, however it ends. The file says who has it.
final class FolderLock: Sendable {
    private let file: OpenFile

    init(_ folder: borrowing Folder) throws(ArtifactsError) {
        file = try folder.createFile("lock", flags: O_RDWR)
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else {
                throw .system(operation: "lock", path: file.path, code: errno)
            }
            throw .folderInUse(path: folder.path, pid: FolderLock.owner(in: file))
        }
        try file.truncate()
        let text = Array("\(getpid())\n".utf8)
        let (_, code) = text.withUnsafeBytes { file.write($0) }
        guard code == 0 else { throw .system(operation: "write", path: file.path, code: code) }
    }

    private static func owner(in file: borrowing OpenFile) -> Int32? {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 1)
        defer { buffer.deallocate() }
        guard let count = try? file.read(into: buffer) else { return nil }
        return Int32(String(decoding: buffer[..<count].prefix { $0 != 0x0a }, as: UTF8.self))
    }
}
