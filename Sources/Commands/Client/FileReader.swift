import Foundation

/// A regular file read from front to back into memory that the caller owns; constant memory for any size.
struct FileReader: ~Copyable {
    private let descriptor: Int32
    /// The file, as the person named it.
    let path: String
    /// Bytes when it was opened.
    let sizeBytes: Int64

    /// Opens the regular file at `path`; a symbolic link is refused.
    ///
    /// - Throws: ``CommandsError/file(path:problem:)``.
    init(_ path: String) throws(CommandsError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw .file(
                path: path,
                problem: errno == ELOOP ? "is a symbolic link; name the file itself" : Self.reason(errno)
            )
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .file(path: path, problem: "is not a regular file")
        }
        self.descriptor = descriptor
        self.path = path
        sizeBytes = Int64(status.st_size)
        _ = posix_fadvise(descriptor, 0, 0, Int32(POSIX_FADV_SEQUENTIAL))
    }

    deinit { close(descriptor) }

    /// Reads up to `buffer.count` bytes at `offset`.
    ///
    /// - Returns: The bytes read; 0 at the end.
    /// - Throws: ``CommandsError/file(path:problem:)``.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(CommandsError) -> Int {
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count >= 0 { return count }
            guard errno == EINTR else { throw .file(path: path, problem: Self.reason(errno)) }
        }
    }

    /// The whole file, at most `limit` bytes of it.
    ///
    /// - Throws: ``CommandsError/file(path:problem:)``.
    func contents(limit: Int) throws(CommandsError) -> Data {
        var data = Data(count: min(limit, Int(sizeBytes)))
        var offset = 0
        while offset < data.count {
            let count: Int
            do {
                count = try data.withUnsafeMutableBytes { bytes in
                    try read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[offset...]), at: Int64(offset))
                }
            } catch let error as CommandsError { throw error } catch {
                throw .file(path: path, problem: "cannot be read")
            }
            guard count > 0 else { break }
            offset += count
        }
        return data.prefix(offset)
    }

    /// The operating system's words for `code`, in lower case.
    static func reason(_ code: Int32) -> String {
        let text = String(cString: strerror(code))
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
