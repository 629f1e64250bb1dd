import DurableFiles
import Foundation

/// An open folder. Everything in it is named relative to its descriptor and never reached through a symbolic link, so
/// that what was checked is what is used.
struct Folder: ~Copyable {
    let descriptor: Int32
    let path: String

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Opens the folder at `path`; only the last part of the path is checked for being a link.
    init(path: String) throws(ArtifactsError) {
        try self.init(name: path, below: AT_FDCWD, path: path)
    }

    private init(name: String, below parent: Int32, path: String) throws(ArtifactsError) {
        let descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            var facts = stat()
            if fstatat(parent, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 {
                if facts.st_mode & S_IFMT == S_IFLNK { throw .symbolicLink(path: path) }
                if facts.st_mode & S_IFMT != S_IFDIR { throw .notAFolder(path: path) }
            }
            throw .system(operation: "open", path: path, code: code)
        }
        self.init(descriptor: descriptor, path: path)
    }

    /// The folder `name` in this one.
    func subfolder(_ name: String) throws(ArtifactsError) -> Folder {
        try Folder(name: name, below: descriptor, path: path + "/" + name)
    }

    /// The folder `name` in this one, made (for the owner only) when there is none.
    ///
    /// - Parameter synced: Whether its name must be on the disk afterwards, also when it was there before: whoever
    ///   made it may have crashed before syncing it.
    func makeSubfolder(_ name: String, synced: Bool = false) throws(ArtifactsError) -> Folder {
        let isNew = mkdirat(descriptor, name, 0o700) == 0
        guard isNew || errno == EEXIST else { throw failure("make", name) }
        if isNew || synced { try sync() }
        return try subfolder(name)
    }

    /// The file `name` in this folder, or nil when there is none.
    ///
    /// - Throws: ``ArtifactsError/symbolicLink(path:)`` for a link, a system error for other things.
    func openFile(_ name: String, flags: Int32, mode: mode_t = 0o600) throws(ArtifactsError) -> OpenFile? {
        let descriptor = openat(self.descriptor, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, mode)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT: return nil
            case ELOOP: throw .symbolicLink(path: path + "/" + name)
            default: throw failure("open", name)
            }
        }
        let file = OpenFile(descriptor: descriptor, path: path + "/" + name)
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw .system(operation: "open", path: file.path, code: EINVAL)
        }
        return file
    }

    /// The file `name`, made when there is none.
    func createFile(_ name: String, flags: Int32, mode: mode_t = 0o600) throws(ArtifactsError) -> OpenFile {
        guard let file = try openFile(name, flags: flags | O_CREAT, mode: mode) else {
            throw .system(operation: "make", path: path + "/" + name, code: ENOENT)
        }
        return file
    }

    /// Size and age of the regular file `name`; nil when there is none.
    func facts(of name: String) -> (sizeBytes: Int64, modifiedSeconds: Int64)? {
        var facts = stat()
        guard fstatat(descriptor, name, &facts, AT_SYMLINK_NOFOLLOW) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        #if os(Linux)
            return (Int64(facts.st_size), Int64(facts.st_mtim.tv_sec))
        #else
            return (Int64(facts.st_size), Int64(facts.st_mtimespec.tv_sec))
        #endif
    }

    /// Makes the file `name` as young as one that was just written; false when there is none.
    func touch(_ name: String) -> Bool { utimensat(descriptor, name, nil, AT_SYMLINK_NOFOLLOW) == 0 }

    /// Whether `name` is a symbolic link.
    func isSymbolicLink(_ name: String) -> Bool {
        var facts = stat()
        return fstatat(descriptor, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 && facts.st_mode & S_IFMT == S_IFLNK
    }

    /// Moves the file `name` to `target`, replacing what is there in one step.
    func move(_ name: String, to target: borrowing Folder, as newName: String) throws(ArtifactsError) {
        guard renameat(descriptor, name, target.descriptor, newName) == 0 else { throw failure("rename", name) }
    }

    /// Removes the file `name`; nothing happens when there is none.
    func remove(_ name: String) throws(ArtifactsError) {
        guard unlinkat(descriptor, name, 0) == 0 || errno == ENOENT else { throw failure("remove", name) }
    }

    /// Returns when the names in this folder are on the disk.
    func sync() throws(ArtifactsError) {
        guard fsync(descriptor) == 0 else { throw .system(operation: "sync", path: path, code: errno) }
    }

    /// The names in this folder, sorted by bytes.
    func names() throws(ArtifactsError) -> [String] {
        // A descriptor of its own: reading moves its position, and closing the listing closes it.
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let listing = fdopendir(copy) else {
            if copy >= 0 { close(copy) }
            throw .system(operation: "list", path: path, code: errno)
        }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Bytes that can still be written on this disk, and how many it has in all.
    func space() -> (freeBytes: Int64, totalBytes: Int64)? {
        var facts = statvfs()
        guard fstatvfs(descriptor, &facts) == 0 else { return nil }
        func bytes(_ blocks: UInt) -> Int64 {
            Int64(clamping: blocks.multipliedReportingOverflow(by: UInt(facts.f_frsize)).partialValue)
        }
        return (bytes(UInt(facts.f_bavail)), bytes(UInt(facts.f_blocks)))
    }

    private func failure(_ operation: String, _ name: String) -> ArtifactsError {
        .system(operation: operation, path: path + "/" + name, code: errno)
    }
}

/// An open regular file; closed when it goes out of scope.
struct OpenFile: ~Copyable {
    let descriptor: Int32
    let path: String

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Writes all of `bytes`.
    ///
    /// - Returns: The number of bytes written and, when that is not all, the error code that stopped it.
    func write(_ bytes: UnsafeRawBufferPointer) -> (written: Int, code: Int32) {
        DurableFile.write(bytes, to: descriptor)
    }

    /// Reads up to `buffer.count` bytes; 0 at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArtifactsError) -> Int {
        while true {
            let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else { throw .system(operation: "read", path: path, code: errno) }
        }
    }

    /// Hands over all bytes from the start of the file, at most 1 MiB at a time.
    func forEachChunk(_ body: (UnsafeRawBufferPointer) -> Void) throws(ArtifactsError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw .system(operation: "read", path: path, code: errno)
        }
        #if os(Linux)
            posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        #endif
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: OpenFile.chunkBytes, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            let count = try read(into: buffer)
            if count == 0 { return }
            body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// The number of bytes in the file.
    func sizeBytes() throws(ArtifactsError) -> Int64 {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw .system(operation: "look at", path: path, code: errno) }
        return Int64(facts.st_size)
    }

    func setMode(_ mode: mode_t) throws(ArtifactsError) {
        guard fchmod(descriptor, mode) == 0 else {
            throw .system(operation: "change the mode of", path: path, code: errno)
        }
    }

    /// Cuts the file to nothing.
    func truncate() throws(ArtifactsError) {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw .system(operation: "empty", path: path, code: errno)
        }
    }

    /// Returns when the bytes are on the disk. After a failure the bytes must be taken as lost: trying again could
    /// report success without them (the kernel drops the failed pages).
    func sync() throws(ArtifactsError) {
        guard fsync(descriptor) == 0 else { throw .system(operation: "sync", path: path, code: errno) }
    }

    static let chunkBytes = 1 << 20
}
