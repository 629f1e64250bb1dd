import DurableFiles
import Foundation

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
