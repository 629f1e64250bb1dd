import Foundation

/// The one folder that holds everything a server keeps, owned by one process at a time.
///
/// All copies share the lock; it is given up when the last one is gone.
public struct DataFolder: Sendable {
    /// The folder itself, with all links resolved.
    public let root: String
    /// Nil for a folder that is only read.
    private let lock: FolderLock?

    /// Makes the folder and its parts where they are missing, for the owner only, and takes its lock.
    ///
    /// - Throws: ``ArtifactsError/folderInUse(path:pid:)`` when another process has it,
    ///   ``ArtifactsError/foreignFolder(path:)`` when it holds other things,
    ///   ``ArtifactsError/symbolicLink(path:)`` when a part of it is a link.
    public init(at path: String) throws(ArtifactsError) {
        try DataFolder.make(path)
        guard let resolved = realpath(path, nil) else {
            throw .system(operation: "open", path: path, code: errno)
        }
        root = String(cString: resolved)
        free(resolved)
        if let code = Self.refusal(root) { throw .readOnly(path: root, code: code) }
        let folder = try Folder(path: root)
        let names = try folder.names().filter { $0 != Self.formattedName }
        guard names.isEmpty || names.contains(Self.lockName) else { throw .foreignFolder(path: root) }
        if let link = names.first(where: { folder.isSymbolicLink($0) }) { throw .symbolicLink(path: root + "/" + link) }
        guard fchmod(folder.descriptor, 0o700) == 0 else {
            throw .system(operation: "close to others", path: root, code: errno)
        }
        lock = try FolderLock(folder)
        for name in ["staging", "trash", "canaries", "keys"] { _ = try folder.makeSubfolder(name) }
        _ = try folder.makeSubfolder("blobs", synced: true).makeSubfolder("sha256", synced: true)
    }

    /// A folder that this process cannot change, for reading: nothing is made in it, and nobody is kept out of it.
    ///
    /// - Throws: ``ArtifactsError`` where there is none.
    public init(reading path: String) throws(ArtifactsError) {
        root = path
        lock = nil
        _ = try Folder(path: path)
    }

    /// Why nothing can be written into a folder; nil where something can.
    public static func refusal(_ path: String) -> Int32? { access(path, W_OK) == 0 ? nil : errno }

    /// The file whose lock says who has the folder.
    public static let lockName = "lock"
    /// What a disk holds that was just formatted.
    private static let formattedName = "lost+found"
    /// Names in a folder that holds nothing yet: the disk's own, and the lock of a start that came no further.
    public static let namesOfNothing: Set = [formattedName, lockName]

    /// Whether nothing is at `path` that a data folder would hold, or that belongs to somebody else.
    public static func isUnused(_ path: String) -> Bool {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            return !FileManager.default.fileExists(atPath: path)
        }
        return namesOfNothing.isSuperset(of: names)
    }

    /// The process that took the lock of the folder last; nil when there is none, or the file does not tell.
    public static func lockOwner(_ path: String) -> Int32? {
        guard let data = FileManager.default.contents(atPath: path + "/" + lockName) else { return nil }
        return Int32(String(decoding: data.prefix { $0 != 0x0a }, as: UTF8.self))
    }

    /// Makes a folder and those on the way to it, for the owner only, where there are none.
    private static func make(_ path: String) throws(ArtifactsError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        let parts = path.utf8.split(separator: 0x2f).dropLast()
        guard errno == ENOENT, !parts.isEmpty else { throw .system(operation: "make", path: path, code: errno) }
        let isAbsolute = path.utf8.first == 0x2f
        try make((isAbsolute ? "/" : "") + parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/"))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw .system(operation: "make", path: path, code: errno)
        }
    }

    /// The database of the event log and its projections.
    public var catalog: String { root + "/serin.db" }

    /// The folder of secrets the server makes for itself.
    public var keys: String { root + "/keys" }

    /// The samples of the canary whose identifier is `canary`, such as `c-204`.
    public func samples(of canary: String) -> String { "\(root)/canaries/\(canary).db" }

    /// Bytes that can still be written on the disk of this folder; nil when the system does not tell.
    public func freeBytes() -> Int64? { (try? Folder(path: root))?.space()?.freeBytes }
}

/// The lock of a data folder: the kernel gives it up when the process ends, however it ends. The file says who has it.
final class FolderLock: Sendable {
    private let file: OpenFile

    init(_ folder: borrowing Folder) throws(ArtifactsError) {
        file = try folder.createFile(DataFolder.lockName, flags: O_RDWR)
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else {
                throw .system(operation: "lock", path: file.path, code: errno)
            }
            throw .folderInUse(path: folder.path, pid: FolderLock.owner(in: file))
        }
        // Who has it is told to people: a disk too full for that keeps nobody from starting.
        try file.truncate()
        _ = Array("\(getpid())\n".utf8).withUnsafeBytes { file.write($0) }
    }

    // Closing alone would leave it with a program that is being started just now: it holds what it inherited until it runs.
    deinit { _ = flock(file.descriptor, LOCK_UN) }

    private static func owner(in file: borrowing OpenFile) -> Int32? {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 1)
        defer { buffer.deallocate() }
        guard let count = try? file.read(into: buffer) else { return nil }
        return Int32(String(decoding: buffer[..<count].prefix { $0 != 0x0a }, as: UTF8.self))
    }
}
